#include "finview/pipeline/export_rows.h"
#include "finview/pipeline/exports.h"
#include "finview/pipeline/zip_file.h"

#include <fmt/format.h>

namespace finview {
namespace {

using internal::ExportRows;

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

// A region by its center, in shares of the photo.
std::string region(const PhotoRecord& photo, const FinRecord& fin, const std::string& name) {
  const double x = (double{fin.box.left_px} + fin.box.right_px) / 2 / photo.width_px;
  const double y = (double{fin.box.top_px} + fin.box.bottom_px) / 2 / photo.height_px;
  return fmt::format(
      "      <rdf:li rdf:parseType=\"Resource\">\n"
      "       <mwg-rs:Name>{}</mwg-rs:Name>\n       <mwg-rs:Type>Pet</mwg-rs:Type>\n"
      "       <mwg-rs:Area stArea:x=\"{:.6f}\" stArea:y=\"{:.6f}\" stArea:w=\"{:.6f}\" "
      "stArea:h=\"{:.6f}\" stArea:unit=\"normalized\"/>\n      </rdf:li>\n",
      escaped(name),
      x,
      y,
      fin.box.width_px() / photo.width_px,
      fin.box.height_px() / photo.height_px);
}

std::string sidecar(const ExportRows& rows,
                    const PhotoRecord& photo,
                    const std::vector<FinRecord>& fins) {
  std::string regions;
  std::set<std::string> names;
  for (const FinRecord& fin : fins) {
    const std::string name = rows.individual(fin.individual).code;
    if (!name.empty()) names.insert(name);
    regions += region(photo, fin, name);
  }
  std::string subjects;
  for (const std::string& name : names) subjects += "<rdf:li>" + escaped(name) + "</rdf:li>";
  return fmt::format(
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
      " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
      "  <rdf:Description rdf:about=\"\"\n"
      "    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
      "    xmlns:mwg-rs=\"http://www.metadataworkinggroup.com/schemas/regions/\"\n"
      "    xmlns:stDim=\"http://ns.adobe.com/xap/1.0/sType/Dimensions#\"\n"
      "    xmlns:stArea=\"http://ns.adobe.com/xmp/sType/Area#\">\n"
      "   <dc:subject><rdf:Bag>{}</rdf:Bag></dc:subject>\n"
      "   <mwg-rs:Regions rdf:parseType=\"Resource\">\n"
      "    <mwg-rs:AppliedToDimensions stDim:w=\"{}\" stDim:h=\"{}\" stDim:unit=\"pixel\"/>\n"
      "    <mwg-rs:RegionList>\n     <rdf:Bag>\n{}     </rdf:Bag>\n    </mwg-rs:RegionList>\n"
      "   </mwg-rs:Regions>\n  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n",
      subjects,
      photo.width_px,
      photo.height_px,
      regions);
}

}  // namespace

void export_xmp(const Catalogue& catalogue,
                const ExportOptions&,
                const std::filesystem::path& out) {
  const ExportRows rows(catalogue);
  const auto names = internal::archive_names(rows);
  ZipFile zip(out);
  for (const auto& [id, fins] : rows.fins) {
    const PhotoRecord& photo = rows.photos.at(id);
    if (photo.width_px <= 0 || photo.height_px <= 0) continue;
    zip.add(names.at(id) + ".xmp", sidecar(rows, photo, fins));
  }
  zip.commit();
}

}  // namespace finview
