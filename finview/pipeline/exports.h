#pragma once

#include "finview/base/options.h"
#include "finview/catalogue/catalogue.h"

#include <filesystem>
#include <span>
#include <string>

namespace finview {

struct ExportOptions {
  std::string session = "day";
  std::string scientific_name = "Delphinidae";
  std::string license;
  std::string rights_holder;

  void visit(OptionVisitor& visitor) {
    visitor.field("session",
                  session,
                  "Capture histories: which photos count as one occasion",
                  {"day", "month", "year", "encounter", "survey"});
    visitor.field(
        "scientific-name",
        scientific_name,
        "The animals' taxon, as exactly as it is known; Wildbook needs genus and species");
    visitor.field("license", license, "Under which license the data may be used, e.g. CC-BY 4.0");
    visitor.field("rights-holder", rights_holder, "Whose the data are");
  }
};

// Each writes one file, which appears whole or not at all. Photos in the trash and discarded fins
// are left out. They hold all rows in memory (about 2 GB for a million fins). Throw
// Error{kUnavailable} where the file cannot be written.

/// One row per fin, or per photo without fins; `finview/pipeline/dataset_csv.h` says the columns.
void export_csv(const Catalogue& catalogue, const ExportOptions&, const std::filesystem::path& out);
/// The same as JSON.
void export_json(const Catalogue& catalogue,
                 const ExportOptions&,
                 const std::filesystem::path& out);
/// The same as COCO: images, annotations with `attributes`, categories.
void export_coco(const Catalogue& catalogue,
                 const ExportOptions&,
                 const std::filesystem::path& out);
/// A zip: occurrence.csv (one row per individual and encounter), meta.xml, eml.xml. Source: Darwin
/// Core text guide.
void export_darwin_core(const Catalogue& catalogue,
                        const ExportOptions& options,
                        const std::filesystem::path& out);
/// A zip: datapackage.json, deployments.csv (encounters), media.csv, observations.csv (fins).
/// Source: Camtrap DP 1.0.2.
void export_camtrap(const Catalogue& catalogue,
                    const ExportOptions& options,
                    const std::filesystem::path& out);
/// Wildbook's bulk import: one row per individual and encounter. Throws Error{kBadOptions} unless
/// the scientific name is genus and species.
void export_wildbook(const Catalogue& catalogue,
                     const ExportOptions& options,
                     const std::filesystem::path& out);
/// Capture histories of the confirmed individuals; the occasions are those with photos.
void export_mark(const Catalogue& catalogue,
                 const ExportOptions& options,
                 const std::filesystem::path& out);
void export_rmark(const Catalogue& catalogue,
                  const ExportOptions& options,
                  const std::filesystem::path& out);
/// SOCPROG's linear form: one row per individual and occasion, with the encounter as group.
void export_socprog(const Catalogue& catalogue,
                    const ExportOptions& options,
                    const std::filesystem::path& out);
/// A zip of one "PHOTO.xmp" per photo with fins, with a region per fin (Metadata Working Group).
void export_xmp(const Catalogue& catalogue, const ExportOptions&, const std::filesystem::path& out);

struct ExportFormat {
  const char* name;
  const char* help;
  const char* file_name;  ///< as it is offered
  void (*write)(const Catalogue&, const ExportOptions&, const std::filesystem::path&);
};

std::span<const ExportFormat> export_formats();
/// Throws Error{kBadOptions} that lists the names.
const ExportFormat& export_format_named(const std::string& name);

}  // namespace finview
