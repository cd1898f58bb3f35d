//===- Recipe.cpp - Options in a file -------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Recipe.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

using namespace edgec;
using namespace llvm;

namespace {

class RecipeReader {
public:
  explicit RecipeReader(MemoryBufferRef buffer)
      : buffer(buffer), stream(buffer, sources, /*ShowColors=*/false) {
    sources.setDiagHandler(
        [](const SMDiagnostic &diagnostic, void *self) {
          static_cast<RecipeReader *>(self)->keep(diagnostic);
        },
        this);
  }

  Expected<std::vector<RecipeEntry>> read();

private:
  void keep(const SMDiagnostic &diagnostic);
  void fail(yaml::Node &node, const Twine &message) {
    stream.printError(&node, message);
  }
  void addOption(yaml::KeyValueNode &pair);
  void addPairs(StringRef option, yaml::MappingNode &pairs);
  void addList(StringRef option, yaml::SequenceNode &values);
  /// Empty, with an error, where `node` is no scalar.
  std::string scalar(yaml::Node *node);

  MemoryBufferRef buffer;
  SourceMgr sources;
  yaml::Stream stream;
  StringSet<> seen;
  std::vector<RecipeEntry> entries;
  std::string error; ///< The first one.
};

} // namespace

void RecipeReader::keep(const SMDiagnostic &diagnostic) {
  if (!error.empty())
    return;
  raw_string_ostream(error)
      << buffer.getBufferIdentifier() << ":" << diagnostic.getLineNo() << ": "
      << diagnostic.getMessage();
}

std::string RecipeReader::scalar(yaml::Node *node) {
  auto *value = dyn_cast_or_null<yaml::ScalarNode>(node);
  if (!value) {
    if (node)
      fail(*node, "a word, a number or a text is needed here");
    return "";
  }
  SmallString<64> storage;
  StringRef text = value->getValue(storage);
  // YAML has no way to write it again, so that it would name another layer.
  if (!json::isUTF8(text))
    fail(*node, "the text is not UTF-8");
  return text.str();
}

void RecipeReader::addPairs(StringRef option, yaml::MappingNode &pairs) {
  for (yaml::KeyValueNode &pair : pairs) {
    std::string key = scalar(pair.getKey());
    if (stream.failed())
      return; // There may be no node for the key.
    if (!seen.insert((option + "\n" + key).str()).second)
      fail(*pair.getKey(), "'" + key + "' is given twice");
    entries.push_back({option.str(), key + "=" + scalar(pair.getValue())});
  }
}

/// Numbers are one value, as on the command line.
void RecipeReader::addList(StringRef option, yaml::SequenceNode &values) {
  std::vector<std::string> parts;
  for (yaml::Node &value : values)
    parts.push_back(scalar(&value));
  entries.push_back({option.str(), join(parts, ",")});
}

void RecipeReader::addOption(yaml::KeyValueNode &pair) {
  std::string option = scalar(pair.getKey());
  if (stream.failed())
    return;
  if (!seen.insert(option).second)
    return fail(*pair.getKey(), "'" + option + "' is given twice");
  yaml::Node *value = pair.getValue();
  if (auto *pairs = dyn_cast_or_null<yaml::MappingNode>(value))
    addPairs(option, *pairs);
  else if (auto *values = dyn_cast_or_null<yaml::SequenceNode>(value))
    addList(option, *values);
  else if (value && !isa<yaml::NullNode>(value))
    entries.push_back({option, scalar(value)});
  else if (value)
    fail(*pair.getKey(), "'" + option + "' has no value");
}

Expected<std::vector<RecipeEntry>> RecipeReader::read() {
  yaml::document_iterator document = stream.begin();
  yaml::Node *root = document == stream.end() ? nullptr : document->getRoot();
  if (auto *options = dyn_cast_or_null<yaml::MappingNode>(root)) {
    for (yaml::KeyValueNode &pair : *options) {
      addOption(pair);
      if (stream.failed())
        break;
    }
  } else if (root && !isa<yaml::NullNode>(root)) {
    fail(*root, "a recipe has lines of the form 'option: value'");
  }
  if (stream.failed() && error.empty())
    error = (buffer.getBufferIdentifier() + ": not YAML").str();
  if (!error.empty())
    return createStringError(error);
  return std::move(entries);
}

Expected<std::vector<RecipeEntry>> edgec::parseRecipe(MemoryBufferRef buffer) {
  return RecipeReader(buffer).read();
}

static std::string quoted(StringRef text) {
  return "\"" + yaml::escape(text) + "\"";
}

/// Names of options and types stand as they are.
static std::string word(StringRef text) {
  bool isPlain = !text.empty() &&
                 all_of(text, [](char c) { return isAlnum(c) || c == '-'; }) &&
                 isAlpha(text.front());
  return isPlain ? text.str() : quoted(text);
}

std::string edgec::formatRecipe(ArrayRef<RecipeEntry> entries,
                                StringRef mapping) {
  std::string text;
  raw_string_ostream stream(text);
  for (const RecipeEntry &entry : entries)
    if (entry.option != mapping)
      stream << word(entry.option) << ": " << quoted(entry.value) << "\n";
  bool isFirst = true;
  for (const RecipeEntry &entry : entries) {
    if (entry.option != mapping)
      continue;
    if (isFirst)
      stream << word(mapping) << ":\n";
    isFirst = false;
    auto [key, value] = StringRef(entry.value).rsplit('=');
    stream << "  " << quoted(key) << ": " << word(value) << "\n";
  }
  return text;
}
