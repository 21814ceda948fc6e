#include "finview/base/error.h"
#include "finview/pipeline/exports.h"

#include <array>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::array kFormats = {
    ExportFormat{"csv", "A table of fins", "fins.csv", export_csv},
    ExportFormat{"json", "The same as JSON", "fins.json", export_json},
    ExportFormat{"coco", "Boxes and outlines as COCO has them", "coco.json", export_coco},
    ExportFormat{"darwin-core",
                 "Darwin Core archive: an occurrence per individual and encounter",
                 "darwin-core.zip",
                 export_darwin_core},
    ExportFormat{
        "camtrap-dp", "Camtrap DP 1.0.2: an observation per fin", "camtrap-dp.zip", export_camtrap},
    ExportFormat{"wildbook", "Wildbook's bulk import", "wildbook.csv", export_wildbook},
    ExportFormat{"mark", "Capture histories for MARK", "captures.inp", export_mark},
    ExportFormat{"rmark", "Capture histories for RMark and marked", "captures.csv", export_rmark},
    ExportFormat{"socprog", "Sightings for SOCPROG, linear form", "socprog.csv", export_socprog},
    ExportFormat{"xmp", "XMP sidecars with a region per fin", "xmp.zip", export_xmp},
};

}  // namespace

std::span<const ExportFormat> export_formats() { return kFormats; }

const ExportFormat& export_format_named(const std::string& name) {
  std::string names;
  for (const ExportFormat& format : kFormats) {
    if (name == format.name) return format;
    names += (names.empty() ? "" : ", ") + std::string(format.name);
  }
  throw Error(
      ErrorKind::kBadOptions,
      fmt::format("The catalogue cannot be exported as \"{}\"; it can as {}.", name, names));
}

}  // namespace finview
