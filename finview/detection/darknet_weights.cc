#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/detection/darknet_layers_torch.h"
#include "finview/detection/darknet_network_torch.h"

#include <cmath>
#include <cstring>
#include <string>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr std::int32_t kVersion[3] = {0, 2, 5};

template <class Number>
Number read_number(const std::vector<std::uint8_t>& bytes, std::size_t offset) {
  Number number;
  std::memcpy(&number, bytes.data() + offset, sizeof(number));
  return number;
}

/// Size of the header: three version numbers and the number of pictures seen, which has 64 bits
/// since version 0.2.
std::size_t check_header(const std::vector<std::uint8_t>& bytes, const std::string& name) {
  constexpr std::size_t kVersionBytes = sizeof(kVersion);
  if (bytes.size() < kVersionBytes + 4) {
    throw Error(ErrorKind::kBadModel,
                fmt::format("{} has {} bytes; a Darknet weights file begins with a header of {} or "
                            "{} bytes.",
                            name,
                            bytes.size(),
                            kVersionBytes + 4,
                            kVersionBytes + 8));
  }
  const auto major = read_number<std::int32_t>(bytes, 0);
  const auto minor = read_number<std::int32_t>(bytes, 4);
  const auto revision = read_number<std::int32_t>(bytes, 8);
  const bool good = major >= 0 && major < 100 && minor >= 0 && minor < 100 && revision >= 0;
  if (!good) {
    throw Error(ErrorKind::kBadModel,
                fmt::format("{} says version {}.{}.{}, so it is not a Darknet weights file "
                            "(0.1.0 to 0.2.5 are known).",
                            name,
                            major,
                            minor,
                            revision));
  }
  return kVersionBytes + (major * 10 + minor >= 2 ? 8 : 4);
}

struct WeightsSlot {
  torch::Tensor tensor;
  std::size_t offset = 0;  ///< of the first byte in the file
};

std::string text_of(const torch::Tensor& tensor) {
  return fmt::format("{}", fmt::join(tensor.sizes().vec(), " x "));
}

/// Where in the file each tensor lies. Throws where the file ends too early.
std::vector<WeightsSlot> lay_out(const std::vector<std::shared_ptr<DarknetLayer>>& layers,
                                 int num_layers,
                                 std::size_t offset,
                                 std::size_t num_bytes,
                                 const std::string& name) {
  std::vector<WeightsSlot> slots;
  for (int i = 0; i < num_layers; ++i) {
    const auto* layer = dynamic_cast<const ConvolutionalLayer*>(layers[i].get());
    if (layer == nullptr) continue;
    std::size_t num_numbers = 0;
    const std::size_t begin = offset;
    for (const torch::Tensor& tensor : layer->tensors_in_file_order()) {
      slots.push_back({tensor, offset});
      num_numbers += tensor.numel();
      offset += 4 * tensor.numel();
    }
    if (offset > num_bytes) {
      throw Error(ErrorKind::kBadModel,
                  fmt::format("{} ends too early or belongs to another configuration: layer {} "
                              "[convolutional] with kernel {} needs {} numbers ({} bytes), but {} "
                              "bytes are left of {}.",
                              name,
                              i,
                              text_of(slots.back().tensor),
                              num_numbers,
                              4 * num_numbers,
                              num_bytes - begin,
                              num_bytes));
    }
  }
  return slots;
}

/// The numbers of `slot`, of which `tensor` is overwritten only if all are finite.
torch::Tensor read_slot(const std::vector<std::uint8_t>& bytes, const WeightsSlot& slot) {
  torch::Tensor numbers = torch::empty(slot.tensor.sizes(), torch::kFloat);
  std::memcpy(numbers.data_ptr<float>(), bytes.data() + slot.offset, 4 * slot.tensor.numel());
  return numbers;
}

void check_finite(const std::vector<std::uint8_t>& bytes,
                  std::size_t begin,
                  std::size_t end,
                  const std::string& name) {
  for (std::size_t offset = begin; offset < end; offset += 4) {
    if (!std::isfinite(read_number<float>(bytes, offset))) {
      throw Error(
          ErrorKind::kBadModel,
          fmt::format("{} holds a number that is not finite at byte {}; the file is damaged "
                      "or the training diverged.",
                      name,
                      offset));
    }
  }
}

}  // namespace

void DarknetNetwork::load_weights(const std::filesystem::path& path) {
  load_weights(path, num_layers());
}

void DarknetNetwork::load_weights(const std::filesystem::path& path, int num_layers) {
  if (num_layers < 0 || num_layers > this->num_layers()) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("{} of {} layers cannot be loaded from {}.",
                            num_layers,
                            this->num_layers(),
                            path.string()));
  }
  const std::string name = path.string();
  const std::vector<std::uint8_t> bytes = read_file(path);
  const std::size_t begin = check_header(bytes, name);
  const auto slots = lay_out(layers_, num_layers, begin, bytes.size(), name);
  const std::size_t end =
      slots.empty() ? begin : slots.back().offset + 4 * slots.back().tensor.numel();
  if (end != bytes.size() && num_layers == this->num_layers()) {
    throw Error(ErrorKind::kBadModel,
                fmt::format("{} has {} bytes, but {} with {} layers needs {}: {} bytes follow its "
                            "last layer. The file belongs to another configuration.",
                            name,
                            bytes.size(),
                            source_,
                            num_layers,
                            end,
                            bytes.size() - end));
  }
  check_finite(bytes, begin, end, name);
  const torch::NoGradGuard no_grad;
  for (const WeightsSlot& slot : slots) {
    torch::Tensor target = slot.tensor;
    target.copy_(read_slot(bytes, slot));
  }
}

void DarknetNetwork::save_weights(const std::filesystem::path& path,
                                  std::int64_t num_images_seen) const {
  std::vector<std::uint8_t> bytes(sizeof(kVersion) + sizeof(num_images_seen));
  std::memcpy(bytes.data(), kVersion, sizeof(kVersion));
  std::memcpy(bytes.data() + sizeof(kVersion), &num_images_seen, sizeof(num_images_seen));
  for (const auto& layer : layers_) {
    const auto* convolution = dynamic_cast<const ConvolutionalLayer*>(layer.get());
    if (convolution == nullptr) continue;
    for (const torch::Tensor& tensor : convolution->tensors_in_file_order()) {
      const torch::Tensor numbers = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
      const auto* first = reinterpret_cast<const std::uint8_t*>(numbers.data_ptr<float>());
      bytes.insert(bytes.end(), first, first + 4 * numbers.numel());
    }
  }
  write_file(path, bytes);
}

}  // namespace finview
