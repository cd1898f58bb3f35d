//===- Options.td - The options of the edgec command ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "llvm/Option/OptParser.td"

// One visibility per subcommand: an option is known only where it is listed.
def CompileCommand : OptionVisibility;
def RunCommand : OptionVisibility;
def EvalCommand : OptionVisibility;
def VerifyCommand : OptionVisibility;
def BenchCommand : OptionVisibility;
def InspectCommand : OptionVisibility;
def TargetsCommand : OptionVisibility;
def OperatorsCommand : OptionVisibility;

defvar allCommands = [CompileCommand, RunCommand, EvalCommand, VerifyCommand,
                      BenchCommand, InspectCommand, TargetsCommand,
                      OperatorsCommand];
defvar modelCommands = [CompileCommand, RunCommand, EvalCommand, BenchCommand,
                        InspectCommand];
defvar compilingCommands = [CompileCommand, RunCommand, EvalCommand,
                            VerifyCommand, BenchCommand];
defvar targetCommands = !listconcat(modelCommands, [VerifyCommand]);
defvar runningCommands = [RunCommand, EvalCommand, VerifyCommand];

class InCommands<list<OptionVisibility> commands> : Visibility<commands>;

// --NAME: what it does, and when to use it.
class EdgecFlag<string name, string help, string example>
    : Flag<["--"], name>,
      HelpText<help # "\nDefault: off.\nExample: " # example>;

// --NAME=VALUE or --NAME VALUE.
multiclass EdgecValue<string name, string value, string help, string default,
                      string example, list<OptionVisibility> commands> {
  def NAME : Joined<["--"], name # "=">, MetaVarName<value>,
             HelpText<help # "\nDefault: " # default # ".\nExample: " # example>,
             InCommands<commands>;
  def NAME # _separate : Separate<["--"], name>,
                         Alias<!cast<Option>(NAME)>, InCommands<commands>;
}

//===----------------------------------------------------------------------===//
// Everywhere
//===----------------------------------------------------------------------===//

def help : Flag<["--"], "help">, HelpText<"Show this text.">,
           InCommands<allCommands>;
def help_short : Flag<["-"], "h">, Alias<help>, InCommands<allCommands>;
def json : EdgecFlag<"json", "Print the result as JSON.", "--json">,
           InCommands<allCommands>;

def markdown : EdgecFlag<"markdown", "Print a page of documentation.",
                         "--markdown">,
               InCommands<[OperatorsCommand]>;

//===----------------------------------------------------------------------===//
// What to compile, and for what
//===----------------------------------------------------------------------===//

// What may stand in a recipe.
def recipe_group : OptionGroup<"recipe">;

let Group = recipe_group in {
defm target : EdgecValue<"target", "<name>",
    "Machine to compile for, see 'edgec targets'; or an LLVM\n"
    "triple.", "host",
    "--target=aarch64", targetCommands>;
defm cpu : EdgecValue<"cpu", "<name>",
    "Processor of that machine, by LLVM's name.", "the target's own",
    "--cpu=cascadelake", targetCommands>;
defm features : EdgecValue<"features", "<list>",
    "Processor features to add (+) or to leave out (-).", "the processor's",
    "--features=-avx512vnni", targetCommands>;
defm shape : EdgecValue<"shape", "<name>=<extents>",
    "Extents of an input with symbolic dimensions; may be\n"
    "given for several inputs. With 1..8 as the first one, every\n"
    "run says how many samples it has, up to 8.", "the model's", "--shape=image=1x3x224x224", targetCommands>;

defm max_elements : EdgecValue<"max-elements", "<name>=<count>",
    "The most elements of a value whose size the run decides\n"
    "(NonZero, Compress, Unique, NonMaxSuppression, TopK,\n"
    "Range), by the name of the node's output: what is more is\n"
    "cut off. Less memory than the largest size takes.", "the largest size",
    "--max-elements=boxes=100", targetCommands>;

defm value : EdgecValue<"value", "<name>=<file>",
    "Fix an input to the tensor in a file (.npy, .npz, .pb): it\n"
    "becomes a constant of the model. For shapes, axes, sizes\n"
    "and the like.", "none", "--value=sizes=sizes.npy", targetCommands>;

defm thread_grain : EdgecValue<"thread-grain", "<ns>",
    "The least work for which another thread is asked, in\n"
    "nanoseconds of a fast core; 0 divides every layer. It\n"
    "changes no result.", "1000",
    "--thread-grain=5000", targetCommands>;

defm weights : EdgecValue<"weights", "<type>",
    "What f32 weights are stored in: f32, or 16 bits, f16\n"
    "(rounded to 11 bits, up to 65504) or bf16 (8 bits). They\n"
    "are widened when they are used.", "f32",
    "--weights=f16", targetCommands>;
}

def remarks : EdgecFlag<"remarks",
    "Name each layer that misses the fast path, and why.", "--remarks">,
    InCommands<compilingCommands>;
def output_folder : JoinedOrSeparate<["-"], "o">, MetaVarName<"<folder>">,
    HelpText<"Where to write the files; made if it is missing. '-' is\n"
             "standard output, for --emit of one of asm, llvm, mlir,\n"
             "onnx and header.\n"
             "Default: the current folder.\nExample: -o build/lenet">,
    InCommands<[CompileCommand]>;
defm emit : EdgecValue<"emit", "<kinds>",
    "What to write, separated by commas: object, header,\n"
    "static, shared, asm, llvm, mlir, onnx.", "object,header", "--emit=shared,header", [CompileCommand]>;
defm after : EdgecValue<"after", "<phase>",
    "The phase after which --emit=mlir prints: import,\n"
    "normalise, layout, kernel, plan, vectorize. Alone, it\n"
    "means --emit=mlir.", "vectorize",
    "--after=normalise", [CompileCommand]>;
defm opset : EdgecValue<"opset", "<n>",
    "The operator set in which --emit=onnx writes the model; a\n"
    "newer one where an operation needs it.", "17",
    "--opset=21", [CompileCommand]>;
defm report : EdgecValue<"report", "<file>",
    "Write sizes (files, arena, weights, code), kernels and the\n"
    "seconds of each phase there, as JSON.", "none",
    "--report=build/lenet.json", [CompileCommand]>;
def elide_weights : EdgecFlag<"elide-weights",
    "Leave large constants out of --emit=mlir: for reading,\n"
    "not for compiling on.", "--after=layout --elide-weights">, InCommands<[CompileCommand]>;
defm name : EdgecValue<"name", "<identifier>",
    "Name of the model: prefix of its C functions and of the\n"
    "files.",
    "the file's name", "--name=lenet", [CompileCommand]>;

//===----------------------------------------------------------------------===//
// Quantization
//===----------------------------------------------------------------------===//

let Group = recipe_group in {
defm quantize : EdgecValue<"quantize", "<type>",
    "Compute in integers: activations of 8 bits and weights of 8\n"
    "(int8), 4 (int4) or 2 (int2). Needs --calibrate.", "none",
    "--quantize=int8", targetCommands>;
defm activations : EdgecValue<"activations", "<type>",
    "What tensors before quantized weights are stored as: integers\n"
    "of 8 bits (int8), or of 16 bits (int16) or floats (f32), which\n"
    "are multiplied as floats.", "int8", "--quantize=int4 --activations=f32",
    targetCommands>;
defm group : EdgecValue<"group", "<n>",
    "A scale for each n inputs of an output channel, n a multiple\n"
    "of 4; with --activations=f32 or int16.", "a scale for an output channel",
    "--quantize=int4 --activations=f32 --group=32", targetCommands>;
defm calibrate : EdgecValue<"calibrate", "<path>",
    "Samples from which the ranges of activations are taken:\n"
    "arrays (.npy, .npz, .pb, .bin), images, or folders, as\n"
    "--data of 'edgec eval' takes them. They need no labels.", "none", "--calibrate=samples.npy", targetCommands>;
def data_free : EdgecFlag<"data-free",
    "Calibrate without samples, on noise that has the spectrum of\n"
    "images and sounds.", "--data-free">,
    InCommands<targetCommands>;
defm sample_range : EdgecValue<"sample-range", "<low>,<high>",
    "What values samples would have, before --scale, --mean and\n"
    "--std.", "0,255", "--data-free --sample-range=-1,1", targetCommands>;
defm calibration_samples : EdgecValue<"calibration-samples", "<n>",
    "The most samples that are used.", "256", "--calibration-samples=32", targetCommands>;
defm range : EdgecValue<"range", "<method>",
    "The range of an activation: minmax (all values),\n"
    "percentile (all but 1 in 100000 at each end), or mse (with\n"
    "the least squared error).", "percentile", "--range=mse", targetCommands>;
def per_tensor : EdgecFlag<"per-tensor",
    "One scale for a filter instead of one an output channel.", "--per-tensor">,
    InCommands<targetCommands>;
defm rounding : EdgecValue<"rounding", "<method>",
    "Weights become the nearest integers (nearest), or those with\n"
    "which the sums of the calibration samples differ least\n"
    "(gptq).", "gptq", "--rounding=nearest", targetCommands>;
defm bias_correction : EdgecValue<"bias-correction", "<on|off>",
    "Make up in biases for what rounded weights add to the sums\n"
    "of the calibration samples on average.", "on", "--bias-correction=off",
    targetCommands>;
defm keep_float : EdgecValue<"keep-float", "<names>",
    "Convolutions, matrix products and tables of gathers that\n"
    "stay in float.", "none",
    "--keep-float=conv_1,classifier", targetCommands>;
defm scale : EdgecValue<"scale", "<number>",
    "The input is (sample * scale - mean) / std, for the data of\n"
    "eval and of calibration.", "1", "--scale=0.0039215686",
    targetCommands>;
defm mean : EdgecValue<"mean", "<numbers>",
    "Subtracted after scaling: one number, or one for each\n"
    "channel (see --layout).", "0", "--mean=0.485,0.456,0.406", targetCommands>;
defm std : EdgecValue<"std", "<numbers>",
    "Divided by: one number, or one for each channel.", "1",
    "--std=0.229,0.224,0.225", targetCommands>;
defm resize : EdgecValue<"resize", "<sides>",
    "Resize images: the shorter side to so many pixels, or to\n"
    "<height>,<width>. Bilinear, antialiased.", "none: their size is the input's",
    "--resize=256", targetCommands>;
defm crop : EdgecValue<"crop", "<sides>",
    "Then keep the middle of images: a square, or\n"
    "<height>,<width>.", "none", "--crop=224,224", targetCommands>;
defm layout : EdgecValue<"layout", "<axes>",
    "Where the channels of the input are, for --mean, --std and\n"
    "images: nchw (axis 1) or nhwc (last).",
    "nchw; for images, where the input has 1 or 3", "--layout=nhwc", targetCommands>;
defm layer : EdgecValue<"layer", "<name>=<type>",
    "The type of one convolution, matrix product or table of a\n"
    "gather: float, or int8, int4, int2 for its weights. May be\n"
    "given for several.", "--quantize for all",
    "--layer=classifier=float", targetCommands>;
defm layer_sqnr : EdgecValue<"layer-sqnr", "<decibels>",
    "Weights keep 8 bits in a layer whose sums would be less above\n"
    "what rounding to 4 or 2 adds to them; 0 for any.",
    "21.5 with int4 but for --rounding=nearest, else 0", "--quantize=int4 --layer-sqnr=0", targetCommands>;
}

// Budgets: which layers get which type is searched for.
defm max_drop : EdgecValue<"max-drop", "<points>",
    "Quantize as far as the accuracy on tuning data, one\n"
    "standard error to spare, falls by no more percentage\n"
    "points: layers that cost most get more bits than\n"
    "--quantize says, at last stay float.", "none",
    "--max-drop=0.5", modelCommands>;
defm tune_data : EdgecValue<"tune-data", "<path>",
    "Labelled samples on which --max-drop decides, in the forms\n"
    "that eval takes.", "none", "--tune-data=x.npy", modelCommands>;
defm tune_labels : EdgecValue<"tune-labels", "<file>",
    "Their classes, in the forms that eval takes.", "the samples' folders",
    "--tune-labels=y.npy", modelCommands>;
defm max_size : EdgecValue<"max-size", "<bytes>",
    "Give layers as many bits as weights and code may have bytes\n"
    "for; K and M stand for 1024 and 1024 * 1024.", "none",
    "--max-size=300K", modelCommands>;
defm max_latency : EdgecValue<"max-latency", "<ms>",
    "Keep as many layers in float as this machine has\n"
    "milliseconds for.", "none", "--max-latency=2.5", modelCommands>;

defm recipe : EdgecValue<"recipe", "<file>",
    "Options of how a model is compiled from a YAML file: their\n"
    "names without --, and their values. What the command line\n"
    "says has precedence. A search writes one.", "none", "--recipe=lenet.recipe.yaml",
    targetCommands>;

//===----------------------------------------------------------------------===//
// Inputs and outputs
//===----------------------------------------------------------------------===//

defm input : EdgecValue<"input", "<input>",
    "An input from a file: .npy, .npz, .pb (ONNX tensor), .bin\n"
    "(raw elements), .wav. Its name may be left out where the model\n"
    "has one input, or the file names its tensors (.npz).", "none", "--input=image=cat.npy",
    [RunCommand, VerifyCommand]>;
defm stream : EdgecValue<"stream", "<input>",
    "Run the model once for each step of a file: .npy, with the\n"
    "steps along the first axis; or a signal (.wav, .npy of one\n"
    "axis), of which the input has a piece. Outputs are those of\n"
    "all steps, along a new first axis. The input's name may be\n"
    "left out where there is one.", "one run", "--stream=audio=speech.wav",
    [RunCommand, VerifyCommand]>;
defm hop : EdgecValue<"hop", "<n>",
    "Elements of the signal from the start of a piece to the\n"
    "start of the next.", "those of a piece", "--hop=128",
    [RunCommand, VerifyCommand]>;
defm state : EdgecValue<"state", "<output>=<input>",
    "What an output has is what an input takes in the next step\n"
    "of --stream. In the first it takes its --input, or zeros.\n"
    "May be given for several. verify makes steps of random\n"
    "inputs where --stream gives none.", "none", "--state=h_out=h_in",
    [RunCommand, VerifyCommand]>;
def output : Joined<["--"], "output=">, MetaVarName<"<output>">,
    HelpText<"Write an output to a file: .npy, .npz, .pb, .bin. All\n"
             "outputs go into one .npz whose name is given alone.\n"
             "Default: print them.\nExample: --output=logits=y.npy">,
    HelpTextForVariants<[EvalCommand],
             "Name of the output that has the classes.\n"
             "Default: the only one.\nExample: --output=logits">,
    InCommands<[RunCommand, EvalCommand]>;
def output_separate : Separate<["--"], "output">, Alias<output>,
    InCommands<[RunCommand, EvalCommand]>;
def random_inputs : Flag<["--"], "random-inputs">,
    HelpText<"Make inputs from a seeded generator: floating-point\n"
             "values in [-1, 1), 8-bit integers of their whole range,\n"
             "others 0 or 1.\n"
             "Default: off.\nExample: --random-inputs=7 (a seed; 1 without)">,
    InCommands<[RunCommand]>;
def random_inputs_seed : Joined<["--"], "random-inputs=">,
    InCommands<[RunCommand]>;
def reference : EdgecFlag<"reference",
    "Use the reference interpreter instead of compiled code.\n"
    "Quantized models are interpreted as integers, as they\n"
    "are compiled.", "--reference">,
    InCommands<runningCommands>;
defm threads : EdgecValue<"threads", "<n>",
    "Threads that compiled code runs on. Results do not depend on\n"
    "it.", "1", "--threads=4", [RunCommand, EvalCommand, VerifyCommand, BenchCommand]>;
defm executor : EdgecValue<"executor", "<command>",
    "Program that starts foreign executables.",
    "qemu-aarch64 for aarch64, if it is there",
    "--executor='qemu-aarch64 -cpu max'", runningCommands>;

//===----------------------------------------------------------------------===//
// eval
//===----------------------------------------------------------------------===//

defm data : EdgecValue<"data", "<path>",
    "The samples: stacked along the first axis (.npy, .npz, .pb;\n"
    ".bin and .raw: bare elements); or a folder with an image\n"
    "(.png, .jpg) or such a file for each sample, or folders of\n"
    "them, one a class; or of ONNX test data (test_data_set_0,\n"
    "...). For several inputs: .npz, or a folder with\n"
    "<input>.npy files.",
    "none; eval needs it, verify makes an input of its own",
    "--data=x.npy", [EvalCommand, VerifyCommand]>;
defm labels : EdgecValue<"labels", "<file>",
    "What every sample should give (.npy, .npz, .pb): its class,\n"
    "an integer from 0, or for --metric=error all values.",
    "the classes that folders tell", "--labels=y.npy", [EvalCommand]>;
defm metric : EdgecValue<"metric", "<name>",
    "accuracy: top-1 and top-k of classes. auc: area under the\n"
    "curve, of classes 0 and 1; the score is the output's only\n"
    "element, or what its second has over its first, or its mean\n"
    "squared difference to the input (autoencoders). error: mean\n"
    "absolute and mean squared error.", "accuracy", "--metric=auc",
    [EvalCommand]>;
defm top : EdgecValue<"top", "<k>",
    "Also count samples whose class is among the first k.", "5", "--top=3",
    [EvalCommand]>;
def agreement : EdgecFlag<"agreement",
    "Also run the model as it was given, without quantization\n"
    "and with f32 weights, and tell how many samples have the\n"
    "same top-1, and the signal-to-noise ratio. --labels is not\n"
    "needed then. For an artefact: --agreement=<model>.",
    "--agreement=lenet.onnx">, InCommands<[EvalCommand]>;
def agreement_with : Joined<["--"], "agreement=">, InCommands<[EvalCommand]>;
defm limit : EdgecValue<"limit", "<n>",
    "Use the first n samples, or steps of --stream, only.",
    "all", "--limit=100", [RunCommand, EvalCommand, VerifyCommand]>;

//===----------------------------------------------------------------------===//
// verify
//===----------------------------------------------------------------------===//

defm rtol : EdgecValue<"rtol", "<number>",
    "Accept |actual - expected| <= atol + rtol * |expected|.", "1e-3",
    "--rtol=1e-4", [VerifyCommand]>;
defm atol : EdgecValue<"atol", "<number>", "The absolute part of it.", "1e-7",
    "--atol=1e-5", [VerifyCommand]>;
def min_sqnr : Joined<["--"], "min-sqnr=">, MetaVarName<"<decibels>">,
    HelpText<"Quantize as far as each output keeps this signal-to-noise\n"
             "ratio on the calibration samples: layers that cost most\n"
             "get more bits than --quantize says, at last stay float.\n"
             "Default: none.\nExample: --min-sqnr=30">,
    HelpTextForVariants<[VerifyCommand],
             "Against the interpreter: smallest signal-to-noise ratio of\n"
             "an output.\n"
             "Default: 80.\nExample: --min-sqnr=40">,
    InCommands<targetCommands>;
def min_sqnr_separate : Separate<["--"], "min-sqnr">, Alias<min_sqnr>,
    InCommands<targetCommands>;
defm exceptions : EdgecValue<"exceptions", "<file>",
    "Folders that are known to fail, a name and a reason on each\n"
    "line. They count apart; one that passes has failed.", "none",
    "--exceptions=exceptions.txt", [VerifyCommand]>;
defm jobs : EdgecValue<"jobs", "<n>", "How many folders to verify at once.",
    "the number of processors", "--jobs=1", [VerifyCommand]>;
defm timeout : EdgecValue<"timeout", "<seconds>",
    "A folder that takes longer has failed.", "300", "--timeout=30",
    [VerifyCommand]>;

//===----------------------------------------------------------------------===//
// bench
//===----------------------------------------------------------------------===//

defm runs : EdgecValue<"runs", "<n>", "How often to run the model.",
    "as often as --seconds allows, at least 10", "--runs=100", [BenchCommand]>;
defm seconds : EdgecValue<"seconds", "<number>", "How long to measure.", "2",
    "--seconds=0.5", [BenchCommand]>;
def layers : EdgecFlag<"layers", "Time every layer as well.", "--layers">,
    InCommands<[BenchCommand]>;

//===----------------------------------------------------------------------===//
// inspect
//===----------------------------------------------------------------------===//

def error : EdgecFlag<"error",
    "How far the quantized model's tensors are from the float\n"
    "one's on the calibration samples, the worst first.", "--error">,
    InCommands<[InspectCommand]>;
