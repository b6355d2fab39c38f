#include "http/curl_share_handle.hpp"

#include <utility>

#include "base/defect.hpp"

namespace offboard {

CurlShare::Handle::Handle() {
  ensure(share != nullptr, "a libcurl share can be made");
  curl_share_setopt(share, CURLSHOPT_USERDATA, this);
  curl_share_setopt(share, CURLSHOPT_LOCKFUNC, lock);
  curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, unlock);
  for (const auto kind : {CURL_LOCK_DATA_DNS, CURL_LOCK_DATA_SSL_SESSION})
    ensure(curl_share_setopt(share, CURLSHOPT_SHARE, kind) == CURLSHE_OK, "libcurl can share this");
}

CurlShare::Handle::~Handle() {
  curl_share_cleanup(share);
}

void CurlShare::Handle::lock(CURL*, curl_lock_data kind, curl_lock_access, void* user) {
  static_cast<Handle*>(user)->mutexes.at(kind).lock();
}

void CurlShare::Handle::unlock(CURL*, curl_lock_data kind, void* user) {
  static_cast<Handle*>(user)->mutexes.at(kind).unlock();
}

CurlShare::CurlShare(std::filesystem::path ca_file)
    : ca_file_(std::move(ca_file)), handle_(std::make_unique<Handle>()) {}
CurlShare::~CurlShare() = default;

}  // namespace offboard
