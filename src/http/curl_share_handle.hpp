#pragma once
#include <curl/curl.h>

#include <array>
#include <mutex>

#include "http/curl_share.hpp"

// Internal to this room: shows libcurl's types.

namespace offboard {

struct CurlShare::Handle {
  Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle();

  CURLSH* share = curl_share_init();

 private:
  static void lock(CURL* /*for whom*/, curl_lock_data kind, curl_lock_access /*or to read*/, void* user);
  static void unlock(CURL* /*for whom*/, curl_lock_data kind, void* user);

  std::array<std::mutex, CURL_LOCK_DATA_LAST> mutexes;
};

}  // namespace offboard
