//===- DataOptions.cpp - Options about samples ----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Tools/Errors.h"

using namespace edgec;
using namespace llvm;
using namespace llvm::opt;

namespace {

/// Pixels of a side: at most those of the largest image in one row.
constexpr int64_t maximumSide = 1 << 16;

/// "H,W" or "N"; empty where the option is not given.
Expected<SmallVector<int64_t, 2>> sidesOption(const InputArgList &arguments,
                                              OptionId option) {
  SmallVector<int64_t, 2> sides;
  const Arg *argument = arguments.getLastArg(option);
  if (!argument)
    return sides;
  StringRef text = argument->getValue();
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  for (StringRef part : parts) {
    int64_t side;
    if (parts.size() > 2 || part.trim().getAsInteger(10, side) || side < 1 ||
        side > maximumSide)
      return usageError(argument->getSpelling().rtrim('=') + "=" + text +
                        ": one or two numbers of pixels are needed: 256, or "
                        "224,224 (height,width)");
    sides.push_back(side);
  }
  return sides;
}

Error addImageOptions(const InputArgList &arguments,
                      Preprocessing &preprocessing) {
  auto resize = sidesOption(arguments, OPT_resize);
  if (!resize)
    return resize.takeError();
  if (resize->size() == 1)
    preprocessing.resizeShorter = resize->front();
  if (resize->size() == 2)
    preprocessing.resize = ImageSize{(*resize)[0], (*resize)[1]};
  auto crop = sidesOption(arguments, OPT_crop);
  if (!crop)
    return crop.takeError();
  if (!crop->empty())
    preprocessing.crop = ImageSize{crop->front(), crop->back()};
  if (const Arg *layout = arguments.getLastArg(OPT_layout)) {
    StringRef text = layout->getValue();
    if (text != "nchw" && text != "nhwc")
      return usageError("--layout=" + text + ": use nchw or nhwc");
    preprocessing.layout =
        text == "nchw" ? ChannelLayout::First : ChannelLayout::Last;
  }
  return Error::success();
}

} // namespace

Expected<Preprocessing>
edgec::preprocessingOptions(const InputArgList &arguments) {
  Preprocessing preprocessing;
  Expected<double> scale = numberOption(arguments, OPT_scale, 1);
  if (!scale)
    return scale.takeError();
  preprocessing.scale = *scale;
  Expected<std::vector<double>> mean = numbersOption(arguments, OPT_mean, 0);
  if (!mean)
    return mean.takeError();
  preprocessing.mean = std::move(*mean);
  Expected<std::vector<double>> deviation =
      numbersOption(arguments, OPT_std, 1);
  if (!deviation)
    return deviation.takeError();
  preprocessing.deviation = std::move(*deviation);
  if (Error error = addImageOptions(arguments, preprocessing))
    return std::move(error);
  return preprocessing;
}

Expected<StreamOptions> edgec::streamOptions(const InputArgList &arguments) {
  StreamOptions stream;
  stream.steps = arguments.getAllArgValues(OPT_stream);
  stream.states = arguments.getAllArgValues(OPT_state);
  Expected<int64_t> hop = countOption(arguments, OPT_hop, 0);
  if (!hop)
    return hop.takeError();
  stream.hop = *hop;
  Expected<int64_t> limit = countOption(arguments, OPT_limit, 0);
  if (!limit)
    return limit.takeError();
  stream.limit = *limit;
  return stream;
}
