#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/match/gallery.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

class FinSigner;
class FinFinder;

struct CatalogueOptions {
  std::string form = "crops";
  std::string names = "auto";
  std::string cache;

  void visit(OptionVisitor& visitor) {
    visitor.field("catalogue-form",
                  form,
                  "What the catalogue's pictures show: one fin each, or whole photos",
                  {"crops", "photos"});
    visitor.field(
        "names",
        names,
        "Where a picture's individual comes from: its folder, its folder with the date in "
        "the NIWA file name, labels.csv; auto takes labels.csv where there is one",
        {"auto", "folder", "niwa", "csv"});
    visitor.field("cache", cache, "Folder for catalogue indexes; empty: the user's cache folder");
  }
};

/// The folder caches are kept in. Throws Error{kBadOptions} if there is none.
std::filesystem::path cache_folder(const CatalogueOptions& options);

/// One usable picture of the catalogue.
struct CatalogueEntry {
  std::filesystem::path path;
  std::string individual;
  std::string group;   ///< encounter or date; empty if not known
  std::string sha256;  ///< of the file's bytes
};

/// A catalogue ready to be asked.
struct CatalogueIndex {
  std::vector<CatalogueEntry> entries;  ///< in the order of the gallery's
  Gallery gallery;
  std::size_t num_embedded = 0;       ///< embedded now; the rest were embedded before
  std::vector<std::string> notes;     ///< what the user should know: duplicates, look-alike names
  std::vector<std::string> failures;  ///< "file: reason" for every picture left out
};

/// Throws Error{kNotFound} if there is no such folder, Error{kBadInput} if it is no folder.
void check_catalogue(const std::filesystem::path& folder);

/// Reads the catalogue in `folder` and signs what is new or changed.
///
/// Pictures are known by the SHA-256 of their content: embeddings are kept in the cache folder, one
/// file per catalogue, and used again whatever the file is called. Nothing is written to `folder`.
/// Interrupted work is kept; interrupted, it throws Error{kUnavailable}. Otherwise throws as
/// `check_catalogue` does, and Error{kBadInput} if there is no usable picture.
CatalogueIndex index_catalogue(const std::filesystem::path& folder,
                               const CatalogueOptions& options,
                               const FinSigner& signer,
                               const FinFinder& finder,
                               const std::string& detector_id,
                               Progress& progress,
                               const CancelToken& cancel);

}  // namespace finview
