#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn.h>

namespace finview {

/// What looks at a picture before an embedder's head: stages, one after the other, each of which
/// gives more channels or a coarser grid of places.
///
/// Every network takes N x 3 x H x W, RGB, -1..1, H and W multiples of 32, and turns that itself
/// into what its published weights were trained with. A network of fewer stages has the tensors of
/// those alone, under the same names.
class Backbone : public torch::nn::Module {
 public:
  int num_stages() const { return static_cast<int>(stages_.size()); }
  /// Of what `forward` gives, and how many input pixels one of its places is wide.
  int num_channels() const { return stages_.back().num_channels; }
  int stride() const { return stages_.back().stride; }

  /// N x num_channels() x H/stride() x W/stride().
  torch::Tensor forward(torch::Tensor input);
  /// What every stage gives, first to last.
  std::vector<torch::Tensor> forward_stages(torch::Tensor input);

  /// Keeps the first `num_stages` stages as they are in training: no gradients, batch norm in
  /// evaluation mode. Call after `train()`.
  void freeze(int num_stages);

 protected:
  struct Stage {
    int num_channels = 0;
    int stride = 1;  ///< from the network's input
    std::vector<std::shared_ptr<torch::nn::Module>> modules;
    std::function<torch::Tensor(const torch::Tensor&)> forward;
  };

  /// `max_stages`: stages added later are left out.
  explicit Backbone(int max_stages) : max_stages_(max_stages) {}
  bool is_complete() const { return num_stages() >= max_stages_; }
  /// The modules must be registered by the caller.
  void add_stage(Stage stage);

 private:
  int max_stages_;
  std::vector<Stage> stages_;
};

/// One of `kNetworks` (embedder_contract.h) by its name, its first `num_stages` stages.
/// Throws Error{kBadModel} with the names there are if it is none of them.
std::shared_ptr<Backbone> make_backbone(const std::string& network, int num_stages);

/// Random weights to learn from: convolutions and their biases by He, Zhang, Ren & Sun, "Delving
/// Deep into Rectifiers", ICCV 2015, section 2.2 (outputs), from torch's generator.
void fill_at_random(Backbone& backbone);

/// Copies `tensors` into the module's parameters and buffers of the same names.
///
/// Throws Error{kBadModel} that names the first missing or misshapen tensor; with `partial` missing
/// ones are left as they are. Surplus tensors are ignored.
void load_tensors(torch::nn::Module& module,
                  const std::map<std::string, torch::Tensor>& tensors,
                  bool partial = false);

/// Parameters and buffers by name.
std::map<std::string, torch::Tensor> named_tensors(const torch::nn::Module& module);

}  // namespace finview
