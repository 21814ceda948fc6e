#pragma once

// Included before everything else where clang compiles LibTorch 1.13 in C++20: its headers use a
// std::vector of a type that is not finished yet, which clang 14 refuses where the vector's members
// are constexpr. The one function that was promised to be constexpr gets another name.
#include <string>

#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR
#define __fill_a1 __fill_bits
#include <vector>
#undef __fill_a1
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR constexpr
