#include "finview/pipeline/embed_fins.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/npy.h"
#include "finview/pipeline/fin_rows.h"

#include <vector>

#include <fmt/format.h>

namespace finview {

std::optional<EmbeddedFins> embed_fins(const std::filesystem::path& folder,
                                       const std::string& embedder,
                                       const std::filesystem::path& out,
                                       Progress& progress,
                                       const CancelToken& cancel) {
  const std::string ending = out.extension().string();
  if (ending != ".csv" && ending != ".json" && ending != ".npy") {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--out {} ends in none of .csv, .json and .npy.", out.string()));
  }
  if (!std::filesystem::is_directory(folder)) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("{} is no folder of fin pictures.", folder.string()));
  }
  std::optional<FinRows> rows = read_fin_rows(folder.string(), {"", embedder}, progress, cancel);
  if (!rows) return {};
  if (ending == ".npy") {
    write_file(out, std::span<const std::uint8_t>(npy_bytes(rows->values, rows->num_dims)));
    write_fin_table(out.string() + ".csv", rows->table);
  } else {
    for (std::size_t d = 0; d < rows->num_dims; ++d) {
      std::vector<double> column;
      for (std::size_t i = d; i < rows->values.size(); i += rows->num_dims) {
        column.push_back(rows->values[i]);
      }
      rows->table.set_extra(fmt::format("e{}", d), column);
    }
    write_fin_table(out, rows->table);
  }
  return EmbeddedFins{rows->table.rows.size(), rows->num_dims};
}

}  // namespace finview
