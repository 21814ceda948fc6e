#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/vectors/umap.h"

#include <bit>
#include <cstring>
#include <map>
#include <string>

#include <fmt/format.h>

// A map file: the line "FinView map 1", a line "name=value" for each option and for the numbers of
// rows, columns and labels, an empty line, then rows (float), labels (int32) and places (float).
namespace finview {
namespace {

static_assert(std::endian::native == std::endian::little,
              "numbers are written as they lie in memory");

constexpr std::string_view kMagic = "FinView map 1\n";

class OptionWriter : public OptionVisitor {
 public:
  void field(const std::string& name, bool& value, const std::string&) override {
    lines += fmt::format("{}={}\n", name, value ? 1 : 0);
  }
  void field(const std::string& name,
             std::string& value,
             const std::string&,
             const std::vector<std::string>&) override {
    lines += fmt::format("{}={}\n", name, value);
  }
  void field(const std::string& name,
             std::int64_t& value,
             const std::string&,
             std::int64_t,
             std::int64_t) override {
    lines += fmt::format("{}={}\n", name, value);
  }
  void field(const std::string& name, double& value, const std::string&, double, double) override {
    lines += fmt::format("{}={}\n", name, value);
  }
  std::string lines;
};

/// Takes the values of a file's lines; `std::map::at` throws where one is missing.
class OptionReader : public OptionVisitor {
 public:
  explicit OptionReader(const std::map<std::string, std::string>& values) : values_(values) {}
  void field(const std::string& name, bool& value, const std::string&) override {
    value = values_.at(name) == "1";
  }
  void field(const std::string& name,
             std::string& value,
             const std::string&,
             const std::vector<std::string>&) override {
    value = values_.at(name);
  }
  void field(const std::string& name,
             std::int64_t& value,
             const std::string&,
             std::int64_t,
             std::int64_t) override {
    value = std::stoll(values_.at(name));
  }
  void field(const std::string& name, double& value, const std::string&, double, double) override {
    value = std::stod(values_.at(name));
  }

 private:
  const std::map<std::string, std::string>& values_;
};

template <class T>
void append(std::string& file, const std::vector<T>& values) {
  file.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

template <class T>
std::vector<T> take(std::string_view& file, std::size_t count) {
  std::vector<T> values(count);
  if (count > 0) std::memcpy(values.data(), file.data(), count * sizeof(T));
  file.remove_prefix(count * sizeof(T));
  return values;
}

std::map<std::string, std::string> take_lines(std::string_view& file) {
  std::map<std::string, std::string> values;
  while (true) {
    const std::size_t end = file.find('\n');
    if (end == std::string_view::npos) throw std::out_of_range("no end of the lines");
    const std::string line(file.substr(0, end));
    file.remove_prefix(end + 1);
    if (line.empty()) return values;
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) throw std::out_of_range("no value");
    values[line.substr(0, equals)] = line.substr(equals + 1);
  }
}

}  // namespace

void Umap::save(const std::filesystem::path& path) const {
  UmapOptions options = options_;
  OptionWriter writer;
  options.visit(writer);
  std::string file(kMagic);
  file += writer.lines;
  file +=
      fmt::format("rows={}\ncolumns={}\nlabels={}\n\n", num_rows(), num_columns_, labels_.size());
  append(file, rows_);
  append(file, labels_);
  append(file, places_);
  write_file(path, file);
}

Umap Umap::load(const std::filesystem::path& path) {
  const std::string text = read_text_file(path);
  std::string_view file = text;
  try {
    if (!file.starts_with(kMagic)) throw std::invalid_argument("another beginning");
    file.remove_prefix(kMagic.size());
    const std::map<std::string, std::string> values = take_lines(file);
    Umap map;
    OptionReader reader(values);
    map.options_.visit(reader);
    check_options(map.options_);
    map.num_columns_ = std::stoull(values.at("columns"));
    const std::size_t num_rows = std::stoull(values.at("rows"));
    const std::size_t num_labels = std::stoull(values.at("labels"));
    const std::size_t num_places = num_rows * static_cast<std::size_t>(map.options_.num_dims);
    const std::size_t limit = file.size() / sizeof(float);
    if (num_rows > limit || map.num_columns_ > limit || num_labels > limit || num_places > limit ||
        (num_rows * map.num_columns_ + num_labels + num_places) * sizeof(float) != file.size()) {
      throw std::invalid_argument("another length");
    }
    map.rows_ = take<float>(file, num_rows * map.num_columns_);
    map.labels_ = take<std::int32_t>(file, num_labels);
    map.places_ = take<float>(file, num_places);
    return map;
  } catch (const std::logic_error&) {
  } catch (const Error&) {
  }
  throw Error(ErrorKind::kBadModel,
              fmt::format("{} is not a map that this version of FinView wrote; make it again.",
                          path.string()));
}

}  // namespace finview
