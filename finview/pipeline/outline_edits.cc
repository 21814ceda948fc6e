#include "finview/pipeline/outline_edits.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void fail(const std::string& where, const std::string& sentence) {
  throw Error(ErrorKind::kBadInput, fmt::format("{}: {}", where, sentence));
}

constexpr std::size_t kMaxPoints = 20'000;  ///< of an outline or a stroke
constexpr std::size_t kMaxStrokes = 1000;
constexpr double kMaxPx = 1e6;

/// A value as errors show it.
std::string shown(const Json& json) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() > 40 ? text.substr(0, 40) + "..." : text;
}

/// One JSON object whose every key must be asked for.
class Reader {
 public:
  Reader(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json.is_object()) fail(where_, "an object { ... } is needed.");
  }

  const Json& need(const std::string& key) {
    if (!json_.contains(key)) fail(where_, fmt::format("\"{}\" is missing.", key));
    known_.insert(key);
    return json_[key];
  }

  const Json& list(const std::string& key) {
    const Json& value = need(key);
    if (!value.is_array()) fail(where_, fmt::format("\"{}\" must be a list [ ... ].", key));
    return value;
  }

  std::string text(const std::string& key) {
    const Json& value = need(key);
    if (!value.is_string()) fail(where_, fmt::format("\"{}\" must be text.", key));
    return value.get<std::string>();
  }

  double number(const std::string& key, double low, double high) {
    const Json& value = need(key);
    if (!value.is_number() || value.get<double>() < low || value.get<double>() > high) {
      fail(where_,
           fmt::format(
               "\"{}\" is {}; it must be a number from {} to {}.", key, shown(value), low, high));
    }
    return value.get<double>();
  }

  bool flag(const std::string& key) {
    const Json& value = need(key);
    if (!value.is_boolean()) fail(where_, fmt::format("\"{}\" must be true or false.", key));
    return value.get<bool>();
  }

  std::vector<cv::Point2f> points(std::size_t fewest) {
    std::vector<cv::Point2f> found;
    for (const Json& one : list("points")) {
      const auto is_place = [](const Json& value) {
        return value.is_number() && std::abs(value.get<double>()) <= kMaxPx;
      };
      if (!one.is_array() || one.size() != 2 || !is_place(one[0]) || !is_place(one[1])) {
        fail(where_, fmt::format("{} is no point [x, y] of a picture.", shown(one)));
      }
      found.emplace_back(one[0].get<float>(), one[1].get<float>());
    }
    if (found.size() < fewest || found.size() > kMaxPoints) {
      fail(where_,
           fmt::format(
               "there are {} points; it must be {} to {}.", found.size(), fewest, kMaxPoints));
    }
    return found;
  }

  bool has(const std::string& key) const { return json_.contains(key); }

  void refuse_other_keys() const {
    for (const auto& [key, value] : json_.items()) {
      if (!known_.contains(key)) fail(where_, fmt::format("\"{}\" is not known.", key));
    }
  }

 private:
  const Json& json_;
  std::string where_;
  std::set<std::string> known_;
};

ToneCurve read_curve(const Json& json, const std::string& where) {
  Reader reader(json, where);
  const ToneCurve curve{
      reader.number("gain", 0, 5), reader.number("bias", -100, 50), reader.number("gamma", 0, 2)};
  reader.refuse_other_keys();
  return curve;
}

Strokes read_strokes(const Json& json, const std::string& where) {
  Strokes strokes;
  for (const Json& one : json) {
    Reader reader(one, fmt::format("{}, stroke {}", where, strokes.strokes.size() + 1));
    strokes.strokes.push_back(
        {reader.points(1), reader.number("radius_px", 0.5, 1000), reader.flag("fin")});
    reader.refuse_other_keys();
  }
  if (strokes.strokes.empty() || strokes.strokes.size() > kMaxStrokes) {
    fail(where,
         fmt::format(
             "there are {} strokes; it must be 1 to {}.", strokes.strokes.size(), kMaxStrokes));
  }
  return strokes;
}

Json to_json(const std::vector<cv::Point2f>& points) {
  Json json = Json::array();
  for (const cv::Point2f& point : points) json.push_back({point.x, point.y});
  return json;
}

Json to_json(const ToneCurve& curve) {
  return {{"gain", curve.gain}, {"bias", curve.bias}, {"gamma", curve.gamma}};
}

struct ToolWriter {
  Json& json;

  void operator()(const ExtremePoints& tool) const {
    json["tool"] = "extreme points";
    json["points"] = to_json({tool.points.begin(), tool.points.end()});
  }
  void operator()(const Strokes& tool) const {
    json["tool"] = "strokes";
    json["strokes"] = Json::array();
    for (const Stroke& stroke : tool.strokes) {
      json["strokes"].push_back({{"fin", stroke.is_fin},
                                 {"radius_px", stroke.radius_px},
                                 {"points", to_json(stroke.points)}});
    }
  }
  void operator()(const PolygonEdit& tool) const {
    json["tool"] = tool.is_whole ? "outline" : "stretch";
    json["points"] = to_json(tool.points);
  }
  void operator()(const ManualFilter& tool) const {
    json["tool"] = "filter";
    json["mask"] = to_json(tool.mask);
    json["picture"] = to_json(tool.picture);
    json["invert"] = tool.invert;
  }
};

}  // namespace

OutlineEdit parse_edit(const Json& json, const std::string& where) {
  Reader reader(json, where);
  OutlineEdit edit;
  const std::string tool = reader.text("tool");
  if (tool == "extreme points") {
    const std::vector<cv::Point2f> points = reader.points(4);
    if (points.size() != 4) fail(where, "there must be four extreme points.");
    ExtremePoints extreme;
    std::copy(points.begin(), points.end(), extreme.points.begin());
    edit.tool = extreme;
  } else if (tool == "strokes") {
    edit.tool = read_strokes(reader.list("strokes"), where);
  } else if (tool == "outline" || tool == "stretch") {
    const bool is_whole = tool == "outline";
    edit.tool = PolygonEdit{reader.points(is_whole ? 3 : 2), is_whole};
  } else if (tool == "filter") {
    edit.tool = ManualFilter{read_curve(reader.need("mask"), where + ", mask"),
                             read_curve(reader.need("picture"), where + ", picture"),
                             reader.flag("invert")};
  } else {
    fail(where,
         fmt::format("\"{}\" is no tool; there are extreme points, strokes, outline, stretch and "
                     "filter.",
                     tool));
  }
  edit.who = reader.text("who");
  edit.when = reader.text("when");
  if (edit.who.empty() || edit.when.empty()) fail(where, "\"who\" and \"when\" must not be empty.");
  reader.refuse_other_keys();
  return edit;
}

EditHistory parse_edits(const Json& json, const std::string& where) {
  Reader reader(json, where);
  EditHistory history;
  for (const Json& one : reader.list("edits")) {
    history.edits.push_back(
        parse_edit(one, fmt::format("{}, edit {}", where, history.edits.size() + 1)));
  }
  const double count = static_cast<double>(history.edits.size());
  history.num_done = static_cast<std::size_t>(
      reader.has("num_done") ? reader.number("num_done", 0, count) : count);
  reader.refuse_other_keys();
  return history;
}

EditHistory read_edits(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = read_file(file);
  const std::string where = file.string();
  Json json;
  try {
    json = Json::parse(bytes.begin(), bytes.end());
  } catch (const Json::exception& error) {
    fail(where, fmt::format("this is no JSON: {}.", error.what()));
  }
  return parse_edits(json, where);
}

Json to_json(const EditHistory& history) {
  Json edits = Json::array();
  for (const OutlineEdit& edit : history.edits) {
    Json json;
    std::visit(ToolWriter{json}, edit.tool);
    json["who"] = edit.who;
    json["when"] = edit.when;
    edits.push_back(std::move(json));
  }
  return {{"num_done", history.num_done}, {"edits", std::move(edits)}};
}

void write_edits(const EditHistory& history, const std::filesystem::path& file) {
  write_file(file, to_json(history).dump(1) + "\n");
}

std::optional<EditHistory> find_edits(const std::filesystem::path& folder,
                                      const std::string& photo) {
  if (folder.empty()) return std::nullopt;
  const std::filesystem::path file =
      folder / (std::filesystem::path(photo).filename().string() + ".json");
  if (!std::filesystem::exists(file)) return std::nullopt;
  return read_edits(file);
}

}  // namespace finview
