#include "finview/cli/print_duplicates.h"

#include "finview/base/csv.h"
#include "finview/base/files.h"

#include <fmt/format.h>

namespace finview {
namespace {

std::string table(const Duplicates& found) {
  std::string text = "kind,what,first,second,probability\n";
  for (const DuplicatePair& pair : found.pairs) {
    text +=
        csv_line({"pair", "", pair.first, pair.second, fmt::format("{:.4f}", pair.probability)});
  }
  for (const MisfiledPhoto& photo : found.misfiled) {
    text += csv_line({"photo",
                      photo.name,
                      photo.filed_under,
                      photo.looks_like,
                      fmt::format("{:.4f}", photo.probability)});
  }
  return text;
}

}  // namespace

void print_duplicates(const Duplicates& found, const std::string& out) {
  fmt::print("{} pairs of individuals may be one:\n", found.pairs.size());
  for (const DuplicatePair& pair : found.pairs) {
    fmt::print("  {:.2f}  {}  {}\n", pair.probability, pair.first, pair.second);
  }
  fmt::print("{} photos may be filed under the wrong individual:\n", found.misfiled.size());
  for (const MisfiledPhoto& photo : found.misfiled) {
    fmt::print("  {:.2f} {} (own {:.2f} {})  {}\n",
               photo.probability,
               photo.looks_like,
               photo.probability_own,
               photo.filed_under,
               photo.name);
  }
  if (!out.empty()) write_file(out, table(found));
}

}  // namespace finview
