#include "finview/pipeline/compare_fins.h"

#include "finview/base/files.h"
#include "finview/embedding/edge_embedder.h"
#include "finview/embedding/embedder.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/comparison_picture.h"
#include "finview/pipeline/fin_finder.h"
#include "finview/pipeline/fin_signer.h"

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

FinComparison compare_fins(const std::filesystem::path& a,
                           const std::filesystem::path& b,
                           const ModelOptions& model_options,
                           const std::filesystem::path& out) {
  const ModelOptions models = with_shipped_models(model_options);
  std::array<ShownFin, 2> fins{read_fin(a), read_fin(b)};
  const Embedder embedder(models.embedder);
  const EdgeEmbedder edge_embedder(models.edge_network);
  const FinMasker masker(models.outline);
  const FinSigner signer(embedder, edge_embedder, masker);
  for (ShownFin& fin : fins) fin.signature = std::move(signer.sign({&fin.crop, 1}).front());
  const FinSignature& first = fins[0].signature;
  const FinSignature& second = fins[1].signature;

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
  if (!out.empty()) {
    const cv::Mat picture = draw_comparison(fins[0], fins[1], marks, numbers_of(comparison));
    std::vector<std::uint8_t> bytes;
    cv::imencode(out.extension() == ".png" ? ".png" : ".jpg", picture, bytes);
    write_file(out, bytes);
  }
  return comparison;
}

}  // namespace finview
