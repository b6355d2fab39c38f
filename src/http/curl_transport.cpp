#include "http/curl_transport.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <string.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/defect.hpp"
#include "base/text.hpp"
#include "base/wiped_memory.hpp"
#include "http/curl_share_handle.hpp"

namespace offboard {
namespace {

/// Status line and headers larger than this are an attack or a broken proxy, not an answer.
constexpr std::size_t k_max_header_bytes = 256 * 1024;

/// In seconds. A connection that lay idle for longer is not used again: servers and the boxes in between
/// forget them after a minute or a few (nginx 75 s, load balancers 60 s to 4 min), some without a word, and
/// the request would wait for its whole timeout.
constexpr long k_max_idle = 50;

struct HeaderList {
  ~HeaderList() { curl_slist_free_all(first); }
  void add(const std::string& line) {
    auto* longer = curl_slist_append(first, line.c_str());
    ensure(longer != nullptr, "a header line can be stored");
    first = longer;
  }
  curl_slist* first = nullptr;
};

/// What one exchange gathers.
struct Gathered {
  HttpAnswer answer;
  std::size_t max_body = 0;
  std::size_t header_bytes = 0;
  bool headers_ended = false;
  bool too_large = false;
};

std::size_t take_body(char* data, std::size_t /*always 1*/, std::size_t size, void* user) {
  auto& gathered = *static_cast<Gathered*>(user);
  if (gathered.answer.body.size() + size > gathered.max_body) {
    gathered.too_large = true;
    return 0;
  }
  gathered.answer.body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t /*always 1*/, std::size_t size, void* user) {
  auto& gathered = *static_cast<Gathered*>(user);
  gathered.header_bytes += size;
  if (gathered.header_bytes > k_max_header_bytes) {
    gathered.too_large = true;
    return 0;
  }
  const std::string_view line(data, size);
  // A status line begins a new answer: what an interim answer (100 Continue) said is not the answer's.
  if (line.substr(0, 5) == "HTTP/") {
    gathered.answer.headers.clear();
    gathered.headers_ended = false;
  }
  if (trim(line).empty()) gathered.headers_ended = true;
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    gathered.answer.headers.push_back(
        {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  }
  return size;
}

TransportFailureKind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE: return TransportFailureKind::not_sent;
    case CURLE_PEER_FAILED_VERIFICATION: return TransportFailureKind::not_trusted;
    case CURLE_OPERATION_TIMEDOUT: return TransportFailureKind::timeout;
    default: return TransportFailureKind::cut;
  }
}

const char* verb(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::patch: return "PATCH";
  }
  return "";
}

void set_body(CURL* easy, const HttpRequest& request) {
  if (request.method == Method::get) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, nullptr);
    return;
  }
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, verb(request.method));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
}

/// HTTP/2 only as the server's choice during the TLS handshake: without TLS libcurl 7.88 cannot use such a
/// connection twice (curl issue 10634).
void set_connection(CURL* easy, ConnectionUse use) {
  const bool is_fresh = use == ConnectionUse::fresh;
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, is_fresh ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, is_fresh ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                   static_cast<long>(is_fresh ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
}

/// All that differs between two requests, so that nothing of one is left in the next.
void set_request(CURL* easy, const HttpRequest& request, const HeaderList& headers, Gathered& gathered) {
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  // Plain http is for this machine alone (the job file allows no other); no proxy could reach that.
  const bool is_plain = request.url.rfind("http://", 0) == 0;
  curl_easy_setopt(easy, CURLOPT_PROXY, is_plain ? "" : nullptr);
  set_connection(easy, request.connection);
  set_body(easy, request);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.first);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &gathered);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &gathered);
}

void set_manners(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");  // all that this libcurl can decode
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, k_max_idle);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
}

/// The system's authorities stand twice: together in a file, and one by one in a folder. As long as it is
/// given the folder, libcurl reads all of them again for every handshake, which costs more than twenty
/// handshakes; of the file alone it keeps what it has read.
void do_without_folder(CURL* easy) {
  const char* file = nullptr;
  curl_easy_getinfo(easy, CURLINFO_CAINFO, &file);
  std::error_code unreadable;
  if (file != nullptr && std::filesystem::exists(file, unreadable))
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
}

/// libcurl's defaults are written out: nothing of this may depend on how it was built.
void set_trust(CURL* easy, const std::filesystem::path& ca_file) {
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));  // or later
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (ca_file.empty()) return do_without_folder(easy);
  curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
  // The system's folder would be believed besides.
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
}

}  // namespace

CurlLibrary::CurlLibrary() {
  // It keeps copies of what it sends.
  const auto made = curl_global_init_mem(CURL_GLOBAL_DEFAULT, std::malloc, wipe_and_free, wiping_realloc,
                                         ::strdup, std::calloc);
  ensure(made == CURLE_OK, "libcurl can be initialised");
}
CurlLibrary::~CurlLibrary() {
  curl_global_cleanup();
}

/// An easy handle driven through a multi handle of its own: that is what lets another thread wake it at once,
/// where curl_easy_perform notices a cancellation only about once a second.
struct CurlTransport::Handles {
  CURLM* multi = curl_multi_init();
  CURL* easy = curl_easy_init();
  std::atomic<bool> cancelled = false;
  std::array<char, CURL_ERROR_SIZE> error_text{};

  Handles(CURLSH* share, const std::filesystem::path& ca_file) {
    ensure(multi != nullptr && easy != nullptr, "libcurl handles can be made");
    set_manners(easy);
    set_trust(easy, ca_file);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text.data());
    curl_easy_setopt(easy, CURLOPT_SHARE, share);
  }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }

  /// Runs the easy handle to its end. Nothing if it was cancelled.
  std::optional<CURLcode> perform() {
    curl_multi_add_handle(multi, easy);
    std::optional<CURLcode> result;
    while (!result && !cancelled.load()) {
      int running = 0;
      curl_multi_perform(multi, &running);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE) result = message->data.result;
      }
      if (!result) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
    }
    curl_multi_remove_handle(multi, easy);
    cancelled.store(false);
    return result;
  }
};

CurlTransport::CurlTransport(std::shared_ptr<CurlShare> share)
    : share_(std::move(share)),
      handles_(std::make_unique<Handles>(share_->handle_->share, share_->ca_file_)) {}
CurlTransport::~CurlTransport() = default;

void CurlTransport::cancel() {
  handles_->cancelled.store(true);
  curl_multi_wakeup(handles_->multi);
}

Expected<HttpAnswer, TransportFailure> CurlTransport::exchange(const HttpRequest& request) {
  CURL* easy = handles_->easy;
  auto& error_text = handles_->error_text;
  error_text[0] = '\0';
  Gathered gathered;
  gathered.max_body = request.max_answer_bytes;
  HeaderList headers;
  for (const auto& header : request.headers) headers.add(header.name + ": " + header.value);
  headers.add("Expect:");  // curl would wait for a 100 Continue before larger bodies
  set_request(easy, request, headers, gathered);

  const auto result = handles_->perform();
  if (!result)
    return failure(TransportFailure{TransportFailureKind::cancelled, "dropped because the run is stopping"});
  if (gathered.too_large) {
    return failure(
        TransportFailure{TransportFailureKind::too_large,
                         fmt::format("the answer is larger than {} bytes", request.max_answer_bytes)});
  }
  if (*result != CURLE_OK) {
    const std::string_view detail = error_text[0] != '\0' ? error_text.data() : curl_easy_strerror(*result);
    return failure(TransportFailure{kind_of(*result), one_line(detail, 300)});
  }
  // libcurl takes the end of the connection for the end of the headers too, and calls a cut answer whole.
  if (!gathered.headers_ended) {
    return failure(TransportFailure{TransportFailureKind::cut, "the answer was cut within its headers"});
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  gathered.answer.status = static_cast<int>(status);
  return std::move(gathered.answer);
}

}  // namespace offboard
