#include "finview/pipeline/compare_fins.h"

#include "finview/base/files.h"
#include "finview/pipeline/fin_finder.h"
#include "finview/pipeline/networks.h"

#include <array>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

namespace finview {
namespace {

ShownFin read_fin(const std::filesystem::path& path) {
  FoundFins found = FinFinder(nullptr).find({path.string(), read_file(path)});
  return {path.filename().string(), std::move(found.fins.front().crop), {}};
}

double quality_of(const FinSignature& signature) {
  return signature.edge ? signature.edge->quality : 0;
}

std::vector<std::string> numbers_of(const FinComparison& comparison) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t w = 0; w < kNumWitnesses; ++w) {
    const std::optional<double>& value = comparison.similarities[w];
    line += fmt::format(
        "{} {}    ", to_string(kWitnesses[w]), value ? fmt::format("{:.3f}", *value) : "silent");
  }
  lines.push_back(line);
  lines.push_back(fmt::format("quality of the edges {:.2f} and {:.2f}; {} marks match",
                              comparison.edge_quality_a,
                              comparison.edge_quality_b,
                              comparison.num_matched_marks));
  return lines;
}

}  // namespace

FinComparison compare_fins(const ShownFin& a, const ShownFin& b, cv::Mat* picture) {
  const FinSignature& first = a.signature;
  const FinSignature& second = b.signature;
  const Gallery gallery({{"second", ""}}, {second});
  FinComparison comparison;
  comparison.similarities = gallery.compare(first, 0);
  comparison.edge_quality_a = quality_of(first);
  comparison.edge_quality_b = quality_of(second);
  std::vector<MarkMatcher::Match> marks;
  if (first.marks && second.marks) {
    marks = MarkMatcher(*first.marks, gallery.mark_background()).matches(*second.marks, 0);
  }
  comparison.num_matched_marks = marks.size();
  if (picture) *picture = draw_comparison(a, b, marks, numbers_of(comparison));
  return comparison;
}

FinComparison compare_fins(const std::filesystem::path& a,
                           const std::filesystem::path& b,
                           const ModelOptions& models,
                           const std::filesystem::path& out) {
  std::array<ShownFin, 2> fins{read_fin(a), read_fin(b)};
  const Networks networks(models);
  for (ShownFin& fin : fins)
    fin.signature = std::move(networks.signer.sign({&fin.crop, 1}).front());
  cv::Mat picture;
  const FinComparison comparison = compare_fins(fins[0], fins[1], out.empty() ? nullptr : &picture);
  if (!out.empty()) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(out.extension() == ".png" ? ".png" : ".jpg", picture, bytes);
    write_file(out, bytes);
  }
  return comparison;
}

}  // namespace finview
