#include "finview/pipeline/html_report.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/html.h"
#include "finview/pipeline/output_pictures.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace finview {
namespace {

const char* const kStyle = R"css(
:root { --ink: #14252e; --soft: #5d707a; --line: #d9e1e5; --known: #11734b; --new: #8a4b00;
  --unsure: #5d707a; --accent: #0b6e99; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 24px; color: var(--ink); background: #fff;
  font: 15px/1.45 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0 0 4px; font-size: 26px; }
h2 { margin: 0; font-size: 16px; overflow-wrap: anywhere; }
.soft { color: var(--soft); font-weight: normal; }
.counts { display: flex; flex-wrap: wrap; gap: 10px 28px; margin: 16px 0 28px; padding: 0;
  list-style: none; }
.counts b { display: block; font-size: 24px; }
.photo { border-top: 1px solid var(--line); padding: 20px 0; break-inside: avoid; }
.parts { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 20px;
  margin-top: 10px; align-items: start; }
.frame { position: relative; }
.frame img { display: block; width: 100%; border-radius: 4px; }
.frame svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.frame rect { fill: none; stroke: #ffd400; stroke-width: 2; vector-effect: non-scaling-stroke; }
.frame .number { position: absolute; transform: translateY(-100%); padding: 0 6px;
  background: #ffd400; color: #000; font-size: 13px; font-weight: 600; }
.fin { display: grid; grid-template-columns: 132px minmax(0, 1fr); gap: 14px; margin-bottom: 18px;
  break-inside: avoid; }
.fin > img, .candidate img { width: 100%; border-radius: 4px; background: #eef2f4; }
.verdict { margin: 0 0 6px; }
.badge { display: inline-block; padding: 1px 9px; border-radius: 10px; color: #fff;
  font-size: 13px; font-weight: 600; }
.known { background: var(--known); } .new { background: var(--new); }
.unsure { background: var(--unsure); }
.candidates { display: grid; grid-template-columns: repeat(auto-fill, minmax(78px, 1fr));
  gap: 10px; }
.candidate { font-size: 13px; overflow-wrap: anywhere; }
.candidate img { display: block; height: 78px; object-fit: contain; }
.bar { height: 4px; margin-top: 2px; background: var(--line); }
.bar i { display: block; height: 100%; background: var(--accent); }
table { border-collapse: collapse; width: 100%; }
td, th { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
@media (max-width: 760px) { .parts { grid-template-columns: 1fr; } }
@media print { body { max-width: none; padding: 0; font-size: 11px; }
  .badge, .bar i, .frame .number { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

/// A file name as part of a relative URL.
std::string url(std::string_view name) {
  std::string result;
  for (const char c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || c == '.';
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

std::string percent(double probability) { return fmt::format("{:.0f} %", 100 * probability); }

class Page {
 public:
  Page(const std::filesystem::path& folder, const CatalogueIndex* catalogue)
      : folder_(folder), catalogue_(catalogue) {}

  std::string make(std::span<const PhotoResult> results) {
    std::string page = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>FinView results</title>\n"
        "<style>{}</style>\n</head>\n<body>\n<h1>FinView results</h1>\n",
        kStyle);
    page += counts(results);
    for (const PhotoResult& result : results) {
      if (!result.fins.empty()) page += photo(result);
    }
    page += errors(results);
    return page + "</body>\n</html>\n";
  }

 private:
  std::string counts(std::span<const PhotoResult> results) const {
    std::size_t fins = 0;
    std::size_t failed = 0;
    std::array<std::size_t, 3> decisions{};
    for (const PhotoResult& result : results) {
      fins += result.fins.size();
      failed += result.error.empty() ? 0 : 1;
      for (const FinResult& fin : result.fins) {
        ++decisions[static_cast<std::size_t>(fin.answer.decision)];
      }
    }
    const auto item = [](std::size_t count, const char* name) {
      return fmt::format("<li><b>{}</b>{}</li>\n", count, name);
    };
    std::string list =
        "<ul class=\"counts\">\n" + item(results.size(), "photos") + item(fins, "fins");
    if (catalogue_ != nullptr) {
      list += item(decisions[static_cast<std::size_t>(Decision::kKnown)], "known");
      list += item(decisions[static_cast<std::size_t>(Decision::kNew)], "new");
      list += item(decisions[static_cast<std::size_t>(Decision::kUnsure)], "unsure");
      list += item(catalogue_->gallery.individuals().size(), "individuals in the catalogue");
    }
    return list + item(failed, "photos without a fin or not readable") + "</ul>\n";
  }

  std::string photo(const PhotoResult& result) {
    const std::string stem = output_stem(result.photo);
    std::string html = fmt::format("<section class=\"photo\">\n<h2>{}", escape_html(result.photo));
    if (!result.taken.empty()) {
      html += fmt::format(" <span class=\"soft\">{}</span>", escape_html(result.taken));
    }
    html += "</h2>\n";
    if (!result.duplicate_of.empty()) {
      html += fmt::format("<p class=\"soft\">The same file as {}.</p>\n",
                          escape_html(result.duplicate_of));
    }
    html += "<div class=\"parts\">\n" + frame(result, stem) + "<div>\n";
    for (std::size_t i = 0; i < result.fins.size(); ++i) html += fin(result.fins[i], stem, i + 1);
    return html + "</div>\n</div>\n</section>\n";
  }

  static std::string frame(const PhotoResult& result, const std::string& stem) {
    std::string html = fmt::format(
        "<div class=\"frame\"><img loading=\"lazy\" src=\"photos/{}.jpg\" alt=\"{}\">\n"
        "<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\">",
        url(stem),
        escape_html(result.photo),
        result.width_px,
        result.height_px);
    std::string numbers;
    for (std::size_t i = 0; i < result.fins.size(); ++i) {
      const Detection& box = result.fins[i].box;
      html += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
                          box.left_px,
                          box.top_px,
                          box.width_px(),
                          box.height_px());
      numbers += fmt::format("<span class=\"number\" style=\"left:{:.2f}%;top:{:.2f}%\">{}</span>",
                             100 * box.left_px / static_cast<float>(result.width_px),
                             100 * box.top_px / static_cast<float>(result.height_px),
                             i + 1);
    }
    return html + "</svg>" + numbers + "</div>\n";
  }

  std::string fin(const FinResult& fin, const std::string& stem, std::size_t number) {
    std::string html = fmt::format(
        "<div class=\"fin\"><img loading=\"lazy\" src=\"fins/{}_fin{}.jpg\" alt=\"fin {}\">\n<div>",
        url(stem),
        number,
        number);
    if (catalogue_ == nullptr) {
      return html + fmt::format("<p class=\"verdict\">Fin {}, confidence {:.2f}</p></div></div>\n",
                                number,
                                fin.box.confidence);
    }
    const char* decision = to_string(fin.answer.decision);
    html += fmt::format("<p class=\"verdict\">Fin {} <span class=\"badge {}\">{}</span> ",
                        number,
                        decision,
                        decision);
    if (fin.answer.decision == Decision::kKnown) {
      html += fmt::format("<b>{}</b> ", escape_html(fin.answer.candidates.front().individual));
    }
    html += fmt::format(
        "<span class=\"soft\">nobody known: {}</span></p>\n<div class=\"candidates\">\n",
        percent(fin.answer.p_new));
    for (const Candidate& one : fin.answer.candidates) html += candidate(one);
    return html + "</div>" + silent_witnesses(fin.answer) + "</div></div>\n";
  }

  static std::string silent_witnesses(const Answer& answer) {
    if (answer.silent.empty() || answer.candidates.empty()) return "";
    std::string names;
    for (const Witness witness : answer.silent) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(witness));
    }
    return fmt::format("<p class=\"soft\">Without {}.</p>", names);
  }

  std::string candidate(const Candidate& candidate) {
    const CatalogueEntry& entry = catalogue_->entries[candidate.best_entry_index];
    const bool shown = write_catalogue_picture(folder_, entry.path, entry.sha256);
    const std::string name = escape_html(candidate.individual);
    return fmt::format(
        "<div class=\"candidate\">{}{}<br>{}<div class=\"bar\"><i "
        "style=\"width:{:.1f}%\"></i></div>"
        "</div>\n",
        shown ? fmt::format("<img loading=\"lazy\" src=\"catalogue/{}.jpg\" alt=\"{}\">",
                            entry.sha256.substr(0, 12),
                            name)
              : "",
        name,
        percent(candidate.probability),
        100 * candidate.probability);
  }

  static std::string errors(std::span<const PhotoResult> results) {
    std::string rows;
    for (const PhotoResult& result : results) {
      if (result.error.empty()) continue;
      rows += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n",
                          escape_html(result.photo),
                          escape_html(result.error));
    }
    if (rows.empty()) return "";
    return "<section class=\"photo\">\n<h2>Photos without a result</h2>\n<table>\n"
           "<tr><th>Photo</th><th>Reason</th></tr>\n" +
           rows + "</table>\n</section>\n";
  }

  const std::filesystem::path& folder_;
  const CatalogueIndex* catalogue_;
};

}  // namespace

void write_html_report(const std::filesystem::path& folder,
                       std::span<const PhotoResult> results,
                       const CatalogueIndex* catalogue) {
  write_file(folder / "index.html", Page(folder, catalogue).make(results));
}

}  // namespace finview
