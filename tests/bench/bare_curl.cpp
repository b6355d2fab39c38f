// The least that libcurl asks for: nothing is done with what it gets. What the whole program costs beyond
// this is its own. Prints CPU per request in microseconds.
//
//   bare_curl NUMBER REQUESTS URL…         so many threads, each with one easy handle, ask for the addresses
//                                          in turn
//   bare_curl NUMBER REQUESTS -fresh URL…  over a connection of its own each
//   bare_curl NUMBER REQUESTS -multi URL…  one thread, with so many easy handles in a multi handle
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

struct Plan {
  int number = 0;
  int requests = 0;
  bool fresh = false;
  std::vector<std::string> urls;
};

curl_slist* all_headers() {
  const auto token = "Authorization: Bearer " + std::string(1567, 't');
  curl_slist* headers = curl_slist_append(nullptr, token.c_str());
  for (const auto* line :
       {"MS-RequestId: 9fef8b23-6e3e-45d2-8678-e9fe89c35af5",
        "MS-CorrelationId: 9b4bf2ca-f374-4d51-9113-781ca87b8380", "MS-Contract-Version: v1",
        "X-Locale: en-US", "MS-PartnerCenter-Application: offboard", "Accept: application/json"})
    headers = curl_slist_append(headers, line);
  return headers;
}

CURL* handle_for(const Plan& plan, curl_slist* headers) {
  CURL* easy = curl_easy_init();
  const char* ca_file = std::getenv("CA_FILE");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, pass_over);
  if (ca_file != nullptr) curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
  if (is_off("CA_FOLDER")) curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  if (is_off("SESSIONS")) curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  if (plan.fresh) {
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  }
  return easy;
}

void aim(CURL* easy, const Plan& plan, std::size_t next) {
  curl_easy_setopt(easy, CURLOPT_URL, plan.urls[next % plan.urls.size()].c_str());
}

/// How many failed.
int in_threads(const Plan& plan) {
  std::atomic<int> left = plan.requests;
  std::atomic<int> failed = 0;
  std::vector<std::thread> crew;
  for (int i = 0; i < plan.number; ++i) {
    crew.emplace_back([&] {
      curl_slist* headers = all_headers();
      CURL* easy = handle_for(plan, headers);
      for (std::size_t next = 0; left.fetch_sub(1) > 0; ++next) {
        aim(easy, plan, next);
        failed += curl_easy_perform(easy) == CURLE_OK ? 0 : 1;
      }
      curl_easy_cleanup(easy);
      curl_slist_free_all(headers);
    });
  }
  for (auto& thread : crew) thread.join();
  return failed;
}

int in_one_thread(const Plan& plan) {
  curl_slist* headers = all_headers();
  CURLM* multi = curl_multi_init();
  int left = plan.requests;
  int out = 0;
  int failed = 0;
  std::size_t next = 0;
  const auto send = [&](CURL* easy) {
    if (left-- <= 0) return curl_easy_cleanup(easy);
    ++out;
    aim(easy, plan, next++);
    curl_multi_add_handle(multi, easy);
  };
  for (int i = 0; i < plan.number; ++i) send(handle_for(plan, headers));
  while (out > 0) {
    int running = 0;
    curl_multi_perform(multi, &running);
    int queued = 0;
    bool any = false;
    while (const CURLMsg* message = curl_multi_info_read(multi, &queued)) {
      any = true;
      CURL* easy = message->easy_handle;
      failed += message->data.result == CURLE_OK ? 0 : 1;
      --out;
      curl_multi_remove_handle(multi, easy);
      send(easy);
    }
    if (!any) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  curl_multi_cleanup(multi);
  curl_slist_free_all(headers);
  return failed;
}

}  // namespace

int main(int count, char** words) {
  if (count < 4) return 2;
  const auto is_given = [&](const char* option) { return std::strcmp(words[3], option) == 0; };
  const int first_url = is_given("-fresh") || is_given("-multi") ? 4 : 3;
  const Plan plan{std::atoi(words[1]), std::atoi(words[2]), is_given("-fresh"),
                  std::vector<std::string>(words + first_url, words + count)};
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const int failed = is_given("-multi") ? in_one_thread(plan) : in_threads(plan);
  std::printf("%.1f\n", cpu_seconds() * 1e6 / plan.requests);
  return failed == 0 ? 0 : 1;
}
