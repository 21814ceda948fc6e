#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/fin_table.h"
#include "finview/vectors/matrix.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace finview {

/// Where fins to be mapped or clustered come from.
struct FinRowOptions {
  std::string table;
  std::string embedder;

  void visit(OptionVisitor& visitor) {
    visitor.field(
        "table",
        table,
        "Table (.csv, .json) that says what the rows of a .npy file show, in their order");
    visitor.field("embedder",
                  embedder,
                  "Embedding model (.fvm) for folders of fins; empty: the one FinView ships");
  }
};

/// Numbers that describe fins, one row each, and what is known of the fins.
struct FinRows {
  std::vector<float> values;
  std::size_t num_dims = 0;
  FinTable table;  ///< as many rows

  MatrixView<float> view() const { return {values, num_dims}; }
};

/// Reads the rows of `path`. Nothing if cancelled.
///
/// - a .npy file: float32 or float64, n x d
/// - a .csv or .json table of fins: its columns x and y if it has both, else every extra column
/// that
///   holds only numbers
/// - a folder of pictures of one fin each, folders inside it included, individuals as labels.csv or
///   else the names of the folders say: each is embedded
/// Pictures that cannot be read are noted and left out. Throws Error{kNotFound}, and
/// Error{kBadInput} for a file that is none of this, or for another number of rows than in
/// `options.table`.
std::optional<FinRows> read_fin_rows(const std::string& path,
                                     const FinRowOptions& options,
                                     Progress& progress,
                                     const CancelToken& cancel);

/// Numbers the individuals of a table; -1 where none is known.
std::vector<std::int32_t> individual_labels(const FinTable& table);

}  // namespace finview
