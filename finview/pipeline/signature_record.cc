#include "finview/pipeline/signature_record.h"

#include <algorithm>
#include <cstring>

namespace finview {
namespace {

constexpr std::size_t kNumSignals = FinEdge::kNumChannels * FinEdge::kNumSamples;

/// What a record begins with; the arrays follow in this order.
struct Head {
  std::uint32_t num_embedding = 0;
  std::uint32_t has_edge = 0;
  std::uint32_t num_points = 0;
  std::uint32_t num_edge_views = 0;
  std::uint32_t has_marks = 0;
  std::uint32_t num_marks = 0;
  std::uint32_t edge_right = 0;
  std::uint32_t marks_right = 0;
  std::uint32_t num_skin = 0;
  float length_px = 0;
  float quality = 0;

  std::size_t num_bytes() const {
    return sizeof(Head) +
           sizeof(float) * (std::size_t{num_embedding} + num_edge_views + 2 * num_points +
                            (has_edge != 0 ? kNumSignals : 0)) +
           std::size_t{num_marks} * (sizeof(FinMarks::Place) + FinMarks::kDescriptorSize) +
           num_skin;
  }
};

FinSide side_of(std::uint32_t right) { return right != 0 ? FinSide::kRight : FinSide::kLeft; }

template <class T>
void append(const T* values, std::size_t count, std::vector<std::uint8_t>& bytes) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(values);
  bytes.insert(bytes.end(), first, first + count * sizeof(T));
}

template <class T>
std::vector<T> take(std::size_t count, std::span<const std::uint8_t>& rest) {
  std::vector<T> values(count);
  if (count > 0) std::memcpy(values.data(), rest.data(), count * sizeof(T));
  rest = rest.subspan(count * sizeof(T));
  return values;
}

}  // namespace

std::vector<std::uint8_t> to_bytes(const FinSignature& signature) {
  static const FinEdge kNoEdge;
  static const FinMarks kNoMarks;
  const FinEdge& edge = signature.edge ? *signature.edge : kNoEdge;
  const FinMarks& marks = signature.marks ? *signature.marks : kNoMarks;
  const Head head{static_cast<std::uint32_t>(signature.embedding.size()),
                  signature.edge.has_value(),
                  static_cast<std::uint32_t>(edge.points.size()),
                  static_cast<std::uint32_t>(signature.edge_views.size()),
                  signature.marks.has_value(),
                  static_cast<std::uint32_t>(marks.places.size()),
                  edge.side == FinSide::kRight,
                  marks.side == FinSide::kRight,
                  static_cast<std::uint32_t>(marks.skin.size()),
                  static_cast<float>(edge.length_px),
                  static_cast<float>(edge.quality)};
  std::vector<std::uint8_t> bytes;
  bytes.reserve(head.num_bytes());
  append(&head, 1, bytes);
  append(signature.embedding.data(), signature.embedding.size(), bytes);
  append(edge.signals.data(), edge.signals.size(), bytes);
  append(edge.points.data(), edge.points.size(), bytes);
  append(signature.edge_views.data(), signature.edge_views.size(), bytes);
  append(marks.places.data(), marks.places.size(), bytes);
  append(marks.descriptors.data(), marks.descriptors.size(), bytes);
  append(marks.skin.data(), marks.skin.size(), bytes);
  return bytes;
}

std::optional<FinSignature> signature_from(std::span<const std::uint8_t> bytes) {
  Head head;
  if (bytes.size() < sizeof(head)) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof(head));
  if (bytes.size() != head.num_bytes() || head.num_embedding == 0) return std::nullopt;
  std::span<const std::uint8_t> rest = bytes.subspan(sizeof(head));
  FinSignature signature;
  signature.embedding = take<float>(head.num_embedding, rest);
  if (head.has_edge != 0) {
    FinEdge& edge = signature.edge.emplace();
    edge.signals = take<float>(kNumSignals, rest);
    edge.points = take<cv::Point2f>(head.num_points, rest);
    edge.length_px = head.length_px;
    edge.quality = head.quality;
    edge.side = side_of(head.edge_right);
  }
  signature.edge_views = take<float>(head.num_edge_views, rest);
  if (head.has_marks != 0) {
    FinMarks& marks = signature.marks.emplace();
    marks.places = take<FinMarks::Place>(head.num_marks, rest);
    marks.descriptors =
        take<std::uint8_t>(std::size_t{head.num_marks} * FinMarks::kDescriptorSize, rest);
    marks.skin = take<std::int8_t>(head.num_skin, rest);
    marks.side = side_of(head.marks_right);
  }
  return signature;
}

}  // namespace finview
