#include "intake/yaml_events.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <streambuf>
#include <utility>
#include <vector>

#include "intake/limits.hpp"
#include "intake/yaml_text.hpp"

namespace offboard {
namespace {

/// How far to look for the end of a bracket before it is called unclosed. Bytes.
constexpr std::size_t k_bracket_sight = 1024UL * 1024;

/// Characters that yaml-cpp reads and puts back where it looks for the encoding.
constexpr std::size_t k_steps_back = 4;

/// Hands a source to yaml-cpp piece by piece.
class TextBuffer final : public std::streambuf {
 public:
  explicit TextBuffer(SourceText& source) : source_(source) {}

 protected:
  int_type underflow() override {
    if (!reads_on()) return traits_type::eof();
    const auto again = std::min(read_, k_steps_back);
    const auto text = source_.from(read_ - again);
    // The interface asks for it; a get area is only read.
    auto* begin = const_cast<char*>(text.data());
    setg(begin, begin + again, begin + text.size());
    read_ += text.size() - again;
    return traits_type::to_int_type(text[again]);
  }

 public:
  /// What kept it from reading on; a stream takes that for its end.
  void raise_trouble() const {
    if (trouble_) std::rethrow_exception(trouble_);
  }

 private:
  bool reads_on() {
    try {
      return source_.read_on();
    } catch (...) {
      trouble_ = std::current_exception();
      return false;
    }
  }

  SourceText& source_;
  std::size_t read_ = 0;  // bytes
  std::exception_ptr trouble_;
};

/// Stands between yaml-cpp and a visitor, and lets pass only what is strict.
class StrictHandler final : public YAML::EventHandler {
 public:
  StrictHandler(SourceText& source, YamlVisitor& visitor) : source_(source), visitor_(visitor) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      refuse(place_of(mark), "a second document, or text after the end of the first; only one is read");
    }
  }
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    refuse(place_of(mark), "anchors (&) are not allowed");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(place_of(mark), "aliases (*) are not allowed");
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    const auto place = place_of(mark);
    if (awaits_key()) refuse_key(place);
    visitor_.on_null(place_of_null(place));
    last_ = place;
    value_done();
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    const auto place = place_of(mark);
    refuse_tag(place, tag);
    if (yaml_text::is_unclosed_quote(source_.from(place.offset), 0)) {
      refuse(place, "this quote is never closed");
    }
    last_ = place;
    if (awaits_key()) {
      frames_.back().key = place;
      frames_.back().awaits = Awaits::value;
      visitor_.on_key(place, value);
      return;
    }
    visitor_.on_scalar(place, value, tag == "!" ? ScalarStyle::quoted : ScalarStyle::plain);
    value_done();
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value style) override {
    open(place_of(mark), tag, style, Awaits::item);
    visitor_.on_sequence_start(frames_.back().opened);
  }
  void OnSequenceEnd() override {
    visitor_.on_sequence_end();
    close();
  }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value style) override {
    open(place_of(mark), tag, style, Awaits::key);
    visitor_.on_map_start(frames_.back().opened);
  }
  void OnMapEnd() override {
    visitor_.on_map_end();
    close();
  }

  [[nodiscard]] int documents() const { return documents_; }

  /// What yaml-cpp could not read, in our words.
  [[nodiscard]] InvalidInput explain(const YAML::Exception& trouble) const {
    const auto unclosed = std::find_if(frames_.rbegin(), frames_.rend(), [](const Frame& frame) {
      return frame.style == YAML::EmitterStyle::Flow;
    });
    if (yaml_text::is_unclosed_bracket(trouble.msg) && unclosed != frames_.rend()) {
      const char bracket = unclosed->bracket;
      return InvalidInput(source_.problem(
          unclosed->opened, fmt::format("this {} is not closed, or a comma is missing in it", bracket)));
    }
    auto place = place_of(trouble.mark);
    const auto tab = yaml_text::tab_in_indentation(source_.from(place.line_start), 0);
    if (tab < place.offset - place.line_start) {
      place.offset = place.line_start + tab;
      return InvalidInput(source_.problem(place, yaml_text::explanation(YAML::ErrorMsg::TAB_IN_INDENTATION)));
    }
    return InvalidInput(source_.problem(place, yaml_text::explanation(trouble.msg)));
  }

 private:
  enum class Awaits { key, value, item };
  struct Frame {
    Place opened;
    Awaits awaits = Awaits::item;
    YAML::EmitterStyle::value style = YAML::EmitterStyle::Default;
    Place key;  // of a map: the last one
    char bracket = '\0';
  };

  [[noreturn]] void refuse(const Place& place, std::string message) const {
    throw InvalidInput(source_.problem(place, std::move(message)));
  }
  [[noreturn]] void refuse_depth(const Place& place) const {
    refuse(place, fmt::format("nested deeper than {} levels", limits::k_yaml_depth));
  }
  /// A key that is no text. yaml-cpp also takes a bracket for one that is not closed on its line.
  [[noreturn]] void refuse_key(const Place& place) {
    while (source_.read_so_far() - place.offset < k_bracket_sight && source_.read_on()) {
    }
    const auto brackets = yaml_text::brackets_at(source_.from(place.offset), 0);
    if (frames_.size() + brackets.depth > limits::k_yaml_depth) refuse_depth(place);
    if (brackets.unclosed_quote != std::string_view::npos)
      refuse(source_.place_after(place, place.offset + brackets.unclosed_quote),
             "this quote is never closed");
    if (!brackets.closed) refuse(place, "this bracket is never closed");
    refuse(place, "a key must be plain text");
  }

  void refuse_tag(const Place& place, const std::string& tag) const {
    // A lone "!" is also what yaml-cpp calls every quoted text.
    const bool is_written = source_.from(place.offset).starts_with('!');
    if (is_written || (tag != "?" && tag != "!" && !tag.empty())) refuse(place, "tags (!) are not allowed");
  }

  [[nodiscard]] bool awaits_key() const { return !frames_.empty() && frames_.back().awaits == Awaits::key; }

  void value_done() {
    if (!frames_.empty() && frames_.back().awaits == Awaits::value) frames_.back().awaits = Awaits::key;
  }

  void open(const Place& place, const std::string& tag, YAML::EmitterStyle::value style, Awaits awaits) {
    refuse_tag(place, tag);
    if (awaits_key()) refuse_key(place);
    if (frames_.size() == limits::k_yaml_depth) refuse_depth(place);
    last_ = place;
    const auto text = source_.from(place.offset);
    frames_.push_back({place, awaits, style, place, text.empty() ? '\0' : text.front()});
  }
  void close() {
    frames_.pop_back();
    value_done();
  }

  /// yaml-cpp gives line, column and position in bytes from 0. Its column 0 is not always a line's start in
  /// an error, and where it wants more than there is it counts on beyond the end, hence the care.
  [[nodiscard]] Place place_of(const YAML::Mark& mark) const {
    if (mark.is_null()) return {};
    const auto position = static_cast<std::size_t>(mark.pos);
    const auto offset = std::min(position, source_.read_so_far());
    const auto beyond = std::min(position - offset, static_cast<std::size_t>(mark.column));
    const auto column = std::min(static_cast<std::size_t>(mark.column) - beyond, offset);
    return {static_cast<std::size_t>(mark.line) + 1, offset - column, offset};
  }

  /// For a value that is missing, yaml-cpp gives the place of whatever comes next.
  [[nodiscard]] Place place_of_null(const Place& place) const {
    if (yaml_text::spells_null(source_.from(place.offset), 0) || frames_.empty()) return place;
    const auto& frame = frames_.back();
    if (frame.awaits == Awaits::value) return frame.key;
    const auto& before = last_.offset > frame.opened.offset ? last_ : frame.opened;
    const auto end =
        yaml_text::end_of_text_before(source_.from(before.offset), 0, place.offset - before.offset);
    return source_.place_after(before, before.offset + end);
  }

  SourceText& source_;
  YamlVisitor& visitor_;
  std::vector<Frame> frames_;
  Place last_;  // of what was handed on last
  int documents_ = 0;
};

}  // namespace

void read_yaml(SourceText& source, YamlVisitor& visitor) {
  StrictHandler handler(source, visitor);
  TextBuffer buffer(source);
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(handler)) {
    }
  } catch (const YAML::Exception& trouble) {
    buffer.raise_trouble();
    throw handler.explain(trouble);
  }
  buffer.raise_trouble();
  if (handler.documents() == 0) throw InvalidInput(source.problem({}, "the file is empty"));
}

}  // namespace offboard
