//===- ElementwiseTest.cpp - Maps over elements ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"

using namespace edgec;
using namespace edgec::testing;

namespace {

using Elementwise = Evaluation;

/// edge.NAME on the constant `input`, whose type is the result's too.
std::string unary(const char *name, const char *attributes,
                  const std::string &input) {
  std::string type = input.substr(input.rfind(": tensor<") + 2);
  return "%x = edge.constant " + input + "\n%r = edge." + name + " %x " +
         attributes + " : " + type;
}

struct UnaryCase {
  const char *name;
  const char *attributes;
  const char *input;
  const char *expected;
  int steps = 0;
};

constexpr const char *specials =
    "dense<[0x7F800000, 0xFF800000, 0x7FC00000, -0.0]> : tensor<4xf32>";

TEST_F(Elementwise, UnaryFunctions) {
  const UnaryCase cases[] = {
      {"abs", "", "dense<[-1.5, -0.0, 0xFF800000]> : tensor<3xf32>",
       "dense<[1.5, 0.0, 0x7F800000]> : tensor<3xf32>"},
      // The smallest integer has no positive counterpart.
      {"abs", "", "dense<[-128, -3, 4]> : tensor<3xi8>",
       "dense<[-128, 3, 4]> : tensor<3xi8>"},
      {"neg", "", "dense<[1, -128]> : tensor<2xi8>",
       "dense<[-1, -128]> : tensor<2xi8>"},
      {"neg", "", "dense<[1]> : tensor<1xui8>", "dense<[255]> : tensor<1xui8>"},
      {"sign", "", specials,
       "dense<[1.0, -1.0, 0x7FC00000, -0.0]> : tensor<4xf32>"},
      {"sign", "", "dense<[-7, 0, 9]> : tensor<3xi64>",
       "dense<[-1, 0, 1]> : tensor<3xi64>"},
      {"floor", "", "dense<[-1.5, 1.5]> : tensor<2xf64>",
       "dense<[-2.0, 1.0]> : tensor<2xf64>"},
      {"ceil", "", "dense<[-1.5, 1.5]> : tensor<2xbf16>",
       "dense<[-1.0, 2.0]> : tensor<2xbf16>"},
      {"round", "", "dense<[0.5, 1.5, 2.5, -2.5, -0.5]> : tensor<5xf32>",
       "dense<[0.0, 2.0, 2.0, -2.0, -0.0]> : tensor<5xf32>"},
      {"reciprocal", "", "dense<[4.0, -0.0]> : tensor<2xf32>",
       "dense<[0.25, 0xFF800000]> : tensor<2xf32>"},
      {"sqrt", "", "dense<[2.25, -1.0]> : tensor<2xf32>",
       "dense<[1.5, 0x7FC00000]> : tensor<2xf32>"},
      {"exp", "", "dense<[1.0, -200.0, 89.0]> : tensor<3xf32>",
       "dense<[2.71828182845904523, 0.0, 0x7F800000]> : tensor<3xf32>"},
      {"log", "", "dense<[10.0, 0.0, -1.0]> : tensor<3xf64>",
       "dense<[2.302585092994046, 0xFFF0000000000000, 0x7FF8000000000000]> : "
       "tensor<3xf64>",
       1},
      {"erf", "", "dense<[0.5, -0.5]> : tensor<2xf32>",
       "dense<[0.52049987781304654, -0.52049987781304654]> : tensor<2xf32>", 1},
      {"sin", "", "dense<[0.5]> : tensor<1xf32>",
       "dense<[0.479425538604203]> : tensor<1xf32>"},
      {"cos", "", "dense<[0.5]> : tensor<1xf32>",
       "dense<[0.877582561890372716]> : tensor<1xf32>"},
      {"tanh", "", "dense<[0.5, 0x7F800000]> : tensor<2xf32>",
       "dense<[0.462117157260009758, 1.0]> : tensor<2xf32>", 1},
      {"asin", "", "dense<[0.5, 1.0, 2.0, -0.0]> : tensor<4xf32>",
       "dense<[0.52359877559829887, 1.57079632679489662, 0x7FC00000, -0.0]> : "
       "tensor<4xf32>",
       2},
      {"acos", "", "dense<[0.5, 1.0, -1.0, -2.0]> : tensor<4xf64>",
       "dense<[1.04719755119659775, 0.0, 3.14159265358979324, "
       "0x7FF8000000000000]> : tensor<4xf64>",
       1},
      {"atan", "", "dense<[1.0, 0x7F800000, -0.0]> : tensor<3xf32>",
       "dense<[0.78539816339744831, 1.57079632679489662, -0.0]> : "
       "tensor<3xf32>",
       2},
      {"sinh", "", "dense<[1.0, 89.0, 90.0, -90.0]> : tensor<4xf32>",
       "dense<[1.17520119364380146, 2.24480641e38, 0x7F800000, 0xFF800000]> : "
       "tensor<4xf32>",
       2},
      {"cosh", "", "dense<[0.0, 1.0, -90.0]> : tensor<3xf32>",
       "dense<[1.0, 1.54308063481524378, 0x7F800000]> : tensor<3xf32>", 2},
      {"asinh", "", "dense<[1.0, -1.0e30, 0xFF800000]> : tensor<3xf32>",
       "dense<[0.88137358701954303, -69.77069997, 0xFF800000]> : "
       "tensor<3xf32>",
       2},
      {"acosh", "", "dense<[1.0, 2.0, 0.5]> : tensor<3xf64>",
       "dense<[0.0, 1.31695789692481671, 0x7FF8000000000000]> : tensor<3xf64>",
       1},
      {"atanh", "", "dense<[0.5, 1.0, -1.0, 1.5]> : tensor<4xf16>",
       "dense<[0.549306144334, 0x7C00, 0xFC00, 0x7E00]> : tensor<4xf16>"},
      {"relu", "", specials,
       "dense<[0x7F800000, 0.0, 0x7FC00000, 0.0]> : tensor<4xf32>"},
      {"relu", "", "dense<[-5, 5]> : tensor<2xi32>",
       "dense<[0, 5]> : tensor<2xi32>"},
      {"sigmoid", "", "dense<[0.0, 1.0, -800.0]> : tensor<3xf32>",
       "dense<[0.5, 0.731058578630004879, 0.0]> : tensor<3xf32>", 1},
      {"softplus", "", "dense<[0.0, 800.0, -800.0]> : tensor<3xf32>",
       "dense<[0.693147180559945309, 800.0, 0.0]> : tensor<3xf32>"},
      {"softplus", "", specials,
       "dense<[0x7F800000, 0.0, 0x7FC00000, 0.693147180559945309]> : "
       "tensor<4xf32>"},
      {"softsign", "", "dense<[-3.0]> : tensor<1xf32>",
       "dense<[-0.75]> : tensor<1xf32>"},
      {"hard_swish", "", "dense<[-4.0, 0.0, 1.5, 4.0]> : tensor<4xf32>",
       "dense<[-0.0, 0.0, 1.125, 4.0]> : tensor<4xf32>"},
      {"mish", "", "dense<[1.0]> : tensor<1xf32>",
       "dense<[0.865098388267310346]> : tensor<1xf32>"},
      {"not", "", "dense<[true, false, true]> : tensor<3xi1>",
       "dense<[false, true, false]> : tensor<3xi1>"},
      {"not", "", "dense<[5]> : tensor<1xui8>", "dense<[250]> : tensor<1xui8>"},
      {"leaky_relu", "{alpha = 0.5 : f64}",
       "dense<[-2.0, 2.0]> : tensor<2xf32>",
       "dense<[-1.0, 2.0]> : tensor<2xf32>"},
      {"elu", "{alpha = 2.0 : f64}", "dense<[-1.0, 2.0]> : tensor<2xf32>",
       "dense<[-1.26424111765711536, 2.0]> : tensor<2xf32>"},
      {"celu", "{alpha = 2.0 : f64}", "dense<[-2.0, 2.0]> : tensor<2xf32>",
       "dense<[-1.26424111765711536, 2.0]> : tensor<2xf32>"},
      {"selu", "{alpha = 2.0 : f64, gamma = 3.0 : f64}",
       "dense<[-1.0, 2.0]> : tensor<2xf32>",
       "dense<[-3.79272335297134607, 6.0]> : tensor<2xf32>"},
      {"thresholded_relu", "{alpha = 1.0 : f64}",
       "dense<[1.0, 1.5, -3.0]> : tensor<3xf32>",
       "dense<[0.0, 1.5, 0.0]> : tensor<3xf32>"},
      {"hard_sigmoid", "{alpha = 0.25 : f64, beta = 0.5 : f64}",
       "dense<[-3.0, 1.0, 3.0]> : tensor<3xf32>",
       "dense<[0.0, 0.75, 1.0]> : tensor<3xf32>"},
      {"gelu", "", "dense<[1.0, -1.0]> : tensor<2xf32>",
       "dense<[0.841344746068542949, -0.158655253931457051]> : tensor<2xf32>",
       4},
      {"gelu", "{approximate_tanh}", "dense<[1.0]> : tensor<1xf32>",
       "dense<[0.841191990608305]> : tensor<1xf32>"},
      {"clamp", "{min = 0.0 : f64, max = 6.0 : f64}",
       "dense<[-1.0, 7.0, 0x7FC00000]> : tensor<3xf32>",
       "dense<[0.0, 6.0, 0x7FC00000]> : tensor<3xf32>"},
      {"clamp", "{min = 0xFFF0000000000000 : f64, max = 6.0 : f64}",
       "dense<[-9223372036854775808, 9223372036854775807]> : tensor<2xi64>",
       "dense<[-9223372036854775808, 6]> : tensor<2xi64>"},
      {"exp", "", "dense<> : tensor<3x0xf32>", "dense<> : tensor<3x0xf32>"},
      // f16: 2049 is not representable, so that 1 / (1 / 2050) shows rounding.
      {"reciprocal", "", "dense<[3.0, 65504.0]> : tensor<2xf16>",
       "dense<[0.333251953125, 0x0100]> : tensor<2xf16>"},
  };
  for (const UnaryCase &test : cases) {
    std::string operations = unary(test.name, test.attributes, test.input);
    check({{operations.c_str(), test.expected, test.steps}});
  }
}

struct BinaryCase {
  const char *name;
  const char *attributes;
  const char *lhs;
  const char *rhs;
  const char *expected;
  int steps = 0;
};

std::string typeOf(const std::string &attribute) {
  return attribute.substr(attribute.rfind(": tensor<") + 2);
}

TEST_F(Elementwise, BinaryFunctions) {
  const BinaryCase cases[] = {
      {"add", "", "dense<[100, -100]> : tensor<2xi8>",
       "dense<[100, -100]> : tensor<2xi8>", "dense<[-56, 56]> : tensor<2xi8>"},
      // Both operands are repeated.
      {"add", "", "dense<[[1.0], [2.0]]> : tensor<2x1xf32>",
       "dense<[10.0, 20.0, 30.0]> : tensor<3xf32>",
       "dense<[[11.0, 21.0, 31.0], [12.0, 22.0, 32.0]]> : tensor<2x3xf32>"},
      {"sub", "", "dense<[1, 0]> : tensor<2xui8>", "dense<1> : tensor<ui8>",
       "dense<[0, 255]> : tensor<2xui8>"},
      {"sub", "", "dense<> : tensor<0x3xf32>", "dense<1.0> : tensor<1x1xf32>",
       "dense<> : tensor<0x3xf32>"},
      {"mul", "", "dense<[[[1, 2]], [[3, 4]]]> : tensor<2x1x2xi64>",
       "dense<[[10], [100]]> : tensor<2x1xi64>",
       "dense<[[[10, 20], [100, 200]], [[30, 40], [300, 400]]]> : "
       "tensor<2x2x2xi64>"},
      {"mul", "", "dense<[30000]> : tensor<1xi16>",
       "dense<[3]> : tensor<1xi16>", "dense<[24464]> : tensor<1xi16>"},
      // 2048 + 1 is halfway between two half-precision numbers.
      {"add", "", "dense<[2048.0, 2050.0]> : tensor<2xf16>",
       "dense<[1.0, 1.0]> : tensor<2xf16>",
       "dense<[2048.0, 2052.0]> : tensor<2xf16>"},
      {"div", "", "dense<[7, -7, 7, -2147483648]> : tensor<4xi32>",
       "dense<[2, 2, 0, -1]> : tensor<4xi32>",
       "dense<[3, -3, 0, -2147483648]> : tensor<4xi32>"},
      {"div", "", "dense<[1.0, 0.0]> : tensor<2xf32>",
       "dense<[0.0, 0.0]> : tensor<2xf32>",
       "dense<[0x7F800000, 0x7FC00000]> : tensor<2xf32>"},
      {"mod", "", "dense<[-7, 7, 7, -128]> : tensor<4xi8>",
       "dense<[3, -3, 0, -1]> : tensor<4xi8>",
       "dense<[2, -2, 0, 0]> : tensor<4xi8>"},
      {"mod", "{fmod}", "dense<[-7, 7]> : tensor<2xi8>",
       "dense<[3, -3]> : tensor<2xi8>", "dense<[-1, 1]> : tensor<2xi8>"},
      {"mod", "{fmod}", "dense<[-7.5, 7.5]> : tensor<2xf32>",
       "dense<[2.0, -2.0]> : tensor<2xf32>",
       "dense<[-1.5, 1.5]> : tensor<2xf32>"},
      {"mod", "", "dense<[-7.5, 7.5]> : tensor<2xf32>",
       "dense<[2.0, -2.0]> : tensor<2xf32>",
       "dense<[0.5, -0.5]> : tensor<2xf32>"},
      {"maximum", "", "dense<[1.0, 0x7FC00000, -0.0]> : tensor<3xf32>",
       "dense<[2.0, 1.0, 0.0]> : tensor<3xf32>",
       "dense<[2.0, 0x7FC00000, 0.0]> : tensor<3xf32>"},
      {"minimum", "", "dense<[1.0, 1.0, 0.0]> : tensor<3xf32>",
       "dense<[2.0, 0x7FC00000, -0.0]> : tensor<3xf32>",
       "dense<[1.0, 0x7FC00000, -0.0]> : tensor<3xf32>"},
      {"maximum", "", "dense<[200]> : tensor<1xui8>",
       "dense<[100]> : tensor<1xui8>", "dense<[200]> : tensor<1xui8>"},
      {"pow", "", "dense<[2.0, 9.0]> : tensor<2xf32>",
       "dense<[3, -1]> : tensor<2xi64>",
       "dense<[8.0, 0.111111111]> : tensor<2xf32>"},
      {"pow", "", "dense<[2, -1, 3, 0]> : tensor<4xi32>",
       "dense<[-1, -3, 20, 0]> : tensor<4xi32>",
       "dense<[0, -1, -808182895, 1]> : tensor<4xi32>"},
      {"pow", "", "dense<[9]> : tensor<1xi32>", "dense<[0.5]> : tensor<1xf32>",
       "dense<[3]> : tensor<1xi32>"},
      {"prelu", "", "dense<[[-1.0, 2.0], [-3.0, 4.0]]> : tensor<2x2xf32>",
       "dense<[[0.5], [0.25]]> : tensor<2x1xf32>",
       "dense<[[-0.5, 2.0], [-0.75, 4.0]]> : tensor<2x2xf32>"},
      {"and", "", "dense<[true, true]> : tensor<2xi1>",
       "dense<[true, false]> : tensor<2xi1>",
       "dense<[true, false]> : tensor<2xi1>"},
      {"or", "", "dense<[12]> : tensor<1xui8>", "dense<[10]> : tensor<1xui8>",
       "dense<[14]> : tensor<1xui8>"},
      {"xor", "", "dense<[true, true]> : tensor<2xi1>",
       "dense<[true, false]> : tensor<2xi1>",
       "dense<[false, true]> : tensor<2xi1>"},
      {"shift_left", "", "dense<[129, 1, 1]> : tensor<3xui8>",
       "dense<[1, 7, 8]> : tensor<3xui8>",
       "dense<[2, 128, 0]> : tensor<3xui8>"},
      {"shift_right", "", "dense<[129, 128, 255]> : tensor<3xui8>",
       "dense<[1, 7, 255]> : tensor<3xui8>",
       "dense<[64, 1, 0]> : tensor<3xui8>"},
      {"shift_right", "", "dense<[-1, -1]> : tensor<2xi64>",
       "dense<[63, 64]> : tensor<2xi64>", "dense<[1, 0]> : tensor<2xi64>"},
      {"compare <lt>", "", "dense<[1.0, 0x7FC00000]> : tensor<2xf32>",
       "dense<[2.0, 2.0]> : tensor<2xf32>",
       "dense<[true, false]> : tensor<2xi1>"},
      {"compare <ne>", "", "dense<[1.0, 0x7FC00000]> : tensor<2xf32>",
       "dense<[1.0, 0x7FC00000]> : tensor<2xf32>",
       "dense<[false, true]> : tensor<2xi1>"},
      {"compare <gt>", "", "dense<[18446744073709551615]> : tensor<1xui64>",
       "dense<[1]> : tensor<1xui64>", "dense<[true]> : tensor<1xi1>"},
      {"compare <eq>", "", "dense<[true, false]> : tensor<2xi1>",
       "dense<true> : tensor<i1>", "dense<[true, false]> : tensor<2xi1>"},
  };
  for (const BinaryCase &test : cases) {
    std::string operations =
        std::string("%x = edge.constant ") + test.lhs +
        "\n%y = edge.constant " + test.rhs + "\n%r = edge." + test.name +
        " %x, %y " + test.attributes + " : (" + typeOf(test.lhs) + ", " +
        typeOf(test.rhs) + ") -> " + typeOf(test.expected);
    check({{operations.c_str(), test.expected, test.steps}});
  }
}

TEST_F(Elementwise, SelectBroadcastsAllThree) {
  check({{"%c = edge.constant dense<[[true], [false]]> : tensor<2x1xi1>\n"
          "%x = edge.constant dense<[1, 2]> : tensor<2xi64>\n"
          "%y = edge.constant dense<9> : tensor<i64>\n"
          "%r = edge.select %c, %x, %y : (tensor<2x1xi1>, tensor<2xi64>, "
          "tensor<i64>) -> tensor<2x2xi64>",
          "dense<[[1, 2], [9, 9]]> : tensor<2x2xi64>"}});
}

TEST_F(Elementwise, Predicates) {
  check({
      {"%x = edge.constant dense<[0x7F800000, 0xFF800000, 0x7FC00000]> : "
       "tensor<3xf32>\n%r = edge.is_nan %x : (tensor<3xf32>) -> tensor<3xi1>",
       "dense<[false, false, true]> : tensor<3xi1>"},
      {"%x = edge.constant dense<[0x7F800000, 0xFF800000, 1.0]> : "
       "tensor<3xf32>\n%r = edge.is_inf %x {detect_negative = false} : "
       "(tensor<3xf32>) -> tensor<3xi1>",
       "dense<[true, false, false]> : tensor<3xi1>"},
  });
}

TEST_F(Elementwise, Casts) {
  const char *cases[][2] = {
      {"dense<[1.9, -1.9, 300.0, 0x7FC00000, 1.0e30]> : tensor<5xf32>",
       "dense<[1, -1, 44, 0, -1]> : tensor<5xi8>"},
      {"dense<[-1.0, 256.0]> : tensor<2xf32>",
       "dense<[255, 0]> : tensor<2xui8>"},
      {"dense<[0.0, 0.5, 0x7FC00000]> : tensor<3xf32>",
       "dense<[false, true, true]> : tensor<3xi1>"},
      {"dense<[true, false]> : tensor<2xi1>",
       "dense<[1.0, 0.0]> : tensor<2xf16>"},
      {"dense<[-1]> : tensor<1xi8>",
       "dense<[18446744073709551615]> : tensor<1xui64>"},
      {"dense<[70000.0, 1.0e-9]> : tensor<2xf64>",
       "dense<[0x7C00, 0.0]> : tensor<2xf16>"},
      // Just above halfway between 1 and the next f16, by less than f32 shows:
      // rounding by way of f32 would go down to even.
      {"dense<[1.00048828125001]> : tensor<1xf64>",
       "dense<[1.0009765625]> : tensor<1xf16>"},
      {"dense<[16777217]> : tensor<1xi32>",
       "dense<[16777216.0]> : tensor<1xf32>"},
  };
  for (auto [input, expected] : cases) {
    std::string operations = std::string("%x = edge.constant ") + input +
                             "\n%r = edge.cast %x : (" + typeOf(input) +
                             ") -> " + typeOf(expected);
    check({{operations.c_str(), expected}});
  }
}

} // namespace
