#pragma once
#include <string>

#include "intake/source_text.hpp"

namespace offboard {

enum class ScalarStyle {
  plain,  // may spell a number or a truth value
  quoted  // in quotes or a block: always text
};

/// What a strict YAML file is made of, in its order. Maps give key, value, key, value; keys are text.
class YamlVisitor {
 public:
  virtual ~YamlVisitor() = default;
  virtual void on_map_start(const Place& place) = 0;
  virtual void on_map_end() = 0;
  virtual void on_sequence_start(const Place& place) = 0;
  virtual void on_sequence_end() = 0;
  virtual void on_key(const Place& place, const std::string& text) = 0;
  virtual void on_scalar(const Place& place, const std::string& text, ScalarStyle style) = 0;
  /// `~`, `null` or nothing at all. The place is the value's, or that of the key or dash it is missing after.
  virtual void on_null(const Place& place) = 0;
};

/// Reads the one document of a text that was opened as YAML, and hands it on as it comes. Throws InvalidInput
/// with one problem if it is not YAML, is empty, has more than one document, is nested deeper than
/// limits::k_yaml_depth, or uses what neither a job nor a list needs and what has been used to harm: anchors,
/// aliases, tags, keys that are not text. yaml-cpp by itself accepts most of these, and quotes that are never
/// closed.
///
/// Doubled keys are left to the visitor, which knows what they mean.
void read_yaml(SourceText& source, YamlVisitor& visitor);

}  // namespace offboard
