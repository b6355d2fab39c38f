// The least that libcurl asks for: threads, each with one easy handle, that do nothing with what they get.
// What the whole program costs beyond this is its own.
//
//   bare_curl THREADS REQUESTS URL…       each thread asks for the addresses in turn; CPU per request in
//   microseconds bare_curl THREADS REQUESTS -fresh URL…  over a connection of its own each
//
// In the environment: CA_FILE, the authorities to believe; CA_FOLDER=no, not to believe the system's folder
// besides; SESSIONS=no, a full TLS handshake each time.
#include <curl/curl.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

std::size_t pass_over(char*, std::size_t, std::size_t size, void*) {
  return size;
}

bool is_off(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && std::strcmp(value, "no") == 0;
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

int main(int count, char** words) {
  if (count < 4) return 2;
  const int threads = std::atoi(words[1]);
  const int requests = std::atoi(words[2]);
  const bool fresh = std::strcmp(words[3], "-fresh") == 0;
  const std::vector<std::string> urls(words + (fresh ? 4 : 3), words + count);
  const char* ca_file = std::getenv("CA_FILE");
  const auto token = "Authorization: Bearer " + std::string(1567, 't');
  curl_global_init(CURL_GLOBAL_DEFAULT);
  std::atomic<int> left = requests;
  std::atomic<int> failed = 0;
  std::vector<std::thread> crew;
  for (int i = 0; i < threads; ++i) {
    crew.emplace_back([&] {
      CURL* easy = curl_easy_init();
      curl_slist* headers = curl_slist_append(nullptr, token.c_str());
      for (const auto* line :
           {"MS-RequestId: 9fef8b23-6e3e-45d2-8678-e9fe89c35af5",
            "MS-CorrelationId: 9b4bf2ca-f374-4d51-9113-781ca87b8380", "MS-Contract-Version: v1",
            "X-Locale: en-US", "MS-PartnerCenter-Application: offboard", "Accept: application/json"})
        headers = curl_slist_append(headers, line);
      curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
      curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
      curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, pass_over);
      if (ca_file != nullptr) curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
      if (is_off("CA_FOLDER")) curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
      if (is_off("SESSIONS")) curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
      if (fresh) {
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
      }
      for (std::size_t next = 0; left.fetch_sub(1) > 0; ++next) {
        curl_easy_setopt(easy, CURLOPT_URL, urls[next % urls.size()].c_str());
        failed += curl_easy_perform(easy) == CURLE_OK ? 0 : 1;
      }
      curl_slist_free_all(headers);
      curl_easy_cleanup(easy);
    });
  }
  for (auto& thread : crew) thread.join();
  std::printf("%.1f\n", cpu_seconds() * 1e6 / requests);
  return failed == 0 ? 0 : 1;
}
