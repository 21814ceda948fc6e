#include "finview/pipeline/result_tables.h"

#include "finview/base/csv.h"
#include "finview/base/files.h"
#include "finview/pipeline/result_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

/// photo, fin, left, top, width, height, confidence
std::vector<std::string> box_fields(const std::string& photo,
                                    std::size_t fin,
                                    const Detection& box) {
  return {photo,
          fmt::to_string(fin),
          fmt::format("{:.1f}", box.left_px),
          fmt::format("{:.1f}", box.top_px),
          fmt::format("{:.1f}", box.width_px()),
          fmt::format("{:.1f}", box.height_px()),
          fmt::format("{:.4f}", box.confidence)};
}

std::string candidate_lines(const std::string& photo, std::size_t number, const FinResult& fin) {
  const std::vector<std::string> box = box_fields(photo, number, fin.box);
  const std::string p_new = fmt::format("{:.4f}", fin.answer.p_new);
  const std::string decision = to_string(fin.answer.decision);
  std::string lines;
  const auto add = [&](std::vector<std::string> middle, const Testimony& similarities) {
    std::vector<std::string> fields = box;
    fields.insert(fields.end(), middle.begin(), middle.end());
    for (std::size_t w = 0; w < kNumWitnesses; ++w) {
      if (w == 1) fields.insert(fields.end(), {p_new, decision});
      fields.push_back(similarities[w] ? fmt::format("{:.4f}", *similarities[w]) : "");
    }
    lines += csv_line(fields);
  };
  if (fin.answer.candidates.empty()) add({"", "", ""}, {});
  for (std::size_t i = 0; i < fin.answer.candidates.size(); ++i) {
    const Candidate& candidate = fin.answer.candidates[i];
    add({fmt::to_string(i + 1), candidate.individual, fmt::format("{:.4f}", candidate.probability)},
        candidate.similarities);
  }
  return lines;
}

}  // namespace

std::string matches_csv(std::span<const PhotoResult> results) {
  std::string text =
      "photo,fin,left_px,top_px,width_px,height_px,confidence,rank,individual,probability,"
      "similarity,p_new,decision";  // similarity: of the first witness, the look
  for (std::size_t w = 1; w < kNumWitnesses; ++w)
    text += fmt::format(",{}", to_string(kWitnesses[w]));
  text += '\n';
  for (const PhotoResult& result : results) {
    for (std::size_t i = 0; i < result.fins.size(); ++i) {
      text += candidate_lines(result.photo, i + 1, result.fins[i]);
    }
  }
  return text;
}

std::string boxes_csv(std::span<const PhotoResult> results) {
  std::string text = "photo,fin,left_px,top_px,width_px,height_px,confidence\n";
  for (const PhotoResult& result : results) {
    for (std::size_t i = 0; i < result.fins.size(); ++i) {
      text += csv_line(box_fields(result.photo, i + 1, result.fins[i].box));
    }
  }
  return text;
}

std::string errors_csv(std::span<const PhotoResult> results) {
  std::string text = "photo,reason\n";
  for (const PhotoResult& result : results) {
    if (!result.error.empty()) text += csv_line({result.photo, result.error});
  }
  return text;
}

std::string results_json(std::span<const PhotoResult> results) {
  nlohmann::json photos = nlohmann::json::array();
  for (const PhotoResult& result : results) photos.push_back(to_json(result));
  return photos.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::filesystem::path errors_path(const std::filesystem::path& out) {
  std::filesystem::path path = out;
  return path.replace_extension(".errors.csv");
}

bool is_table_path(const std::filesystem::path& out) {
  return out.extension() == ".csv" || out.extension() == ".json";
}

void write_results(const std::filesystem::path& out,
                   std::span<const PhotoResult> results,
                   bool with_matches) {
  if (out.extension() == ".json") {
    write_file(out, results_json(results));
    return;
  }
  write_file(out, with_matches ? matches_csv(results) : boxes_csv(results));
  write_file(errors_path(out), errors_csv(results));
}

}  // namespace finview
