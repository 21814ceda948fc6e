#include "finview/training/train_embedder.h"

#include "finview/base/error.h"
#include "finview/embedding/embedder_contract.h"
#include "finview/training/fin_pack.h"

#include <fmt/format.h>

namespace finview {

void TrainEmbedderOptions::visit(OptionVisitor& visitor) {
  visitor.field("pack", pack, "Fins to learn from, as dataset pack writes them");
  visitor.field("start",
                start,
                "What to start from: an embedder (.fvm), or the network's weights as torch.save "
                "writes them; empty: the embedder FinView ships, where it is at hand and of this "
                "network, else random weights");
  visitor.field("out", out, "Model file to write (.fvm)");
  visitor.field("network", network, "What looks at the picture", network_names());
  visitor.field("stages",
                num_stages,
                "First stages of the network: of 19 (mobilenet-v2), 17 (resnet-50), 9 (nn4-small2) "
                "or 2 (simple-cnn); 0 = as many as have places of 16 pixels, or all",
                0,
                19);
  visitor.field("dims", num_dims, "Numbers per embedding; 0 = pooled features", 0, 4096);
  visitor.field("grid-channels",
                grid_channels,
                "Numbers kept of each place of the picture; 0 = pool all places, -1 = all there "
                "are",
                -1,
                2048);
  visitor.field("pooling-power", pooling_power, "Generalized mean; 1 = average", 0.5, 10.0);
  visitor.field("resume", resume, "Go on where a training into the same --out stopped");
  training.visit(visitor);
}

namespace {

/// The pack's fins for the network that is asked for.
FinPack read_pack(const TrainEmbedderOptions& options) {
  FinPack pack = FinPack::read(options.pack);
  EmbedderContract contract = EmbedderContract::from_json(pack.contract_json);
  const NetworkKind& network = network_kind(options.network);
  contract.network = network.name;
  contract.num_stages =
      options.num_stages > 0 ? static_cast<int>(options.num_stages) : network.usual_stages;
  if (contract.num_stages > network.num_stages) {
    throw Error(
        ErrorKind::kBadOptions,
        fmt::format(
            "--stages {}: {} has {}.", contract.num_stages, network.name, network.num_stages));
  }
  contract.num_dims = static_cast<int>(options.num_dims);
  contract.grid_channels = static_cast<int>(options.grid_channels);
  contract.pooling_power = options.pooling_power;
  pack.contract_json = EmbedderContract::from_json(contract.to_json()).to_json();
  return pack;
}

}  // namespace

EmbedderTrainingResult train_embedder(const TrainEmbedderOptions& options,
                                      Progress& progress,
                                      const CancelToken& cancel) {
  check_options(options);
  return train_embedder_network(read_pack(options),
                                options.start,
                                options.training,
                                options.resume,
                                options.out,
                                progress,
                                cancel);
}

}  // namespace finview
