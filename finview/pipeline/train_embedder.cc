#include "finview/pipeline/train_embedder.h"

#include "finview/embedding/embedder_contract.h"
#include "finview/pipeline/models.h"
#include "finview/training/fin_pack.h"

namespace finview {

void TrainEmbedderOptions::visit(OptionVisitor& visitor) {
  visitor.field("pack", pack, "Fins to learn from, as dataset pack writes them");
  visitor.field("start",
                start,
                "What to start from: an embedder (.fvm), or MobileNetV2 weights as torch.save "
                "writes them; empty: the embedder FinView ships");
  visitor.field("out", out, "Model file to write (.fvm)");
  visitor.field("stages", num_stages, "Of MobileNetV2's 19; 14 keep places of 16 pixels", 4, 19);
  visitor.field("dims", num_dims, "Numbers per embedding; 0 = pooled features", 0, 4096);
  visitor.field("grid-channels",
                grid_channels,
                "Numbers kept of each place of the picture; 0 = pool all places",
                0,
                1280);
  visitor.field("pooling-power", pooling_power, "Generalized mean; 1 = average", 0.5, 10.0);
  visitor.field("resume", resume, "Go on where a training into the same --out stopped");
  training.visit(visitor);
}

EmbedderTrainingResult train_embedder(const TrainEmbedderOptions& options,
                                      Progress& progress,
                                      const CancelToken& cancel) {
  check_options(options);
  FinPack pack = FinPack::read(options.pack);
  EmbedderContract contract = EmbedderContract::from_json(pack.contract_json);
  contract.num_stages = static_cast<int>(options.num_stages);
  contract.num_dims = static_cast<int>(options.num_dims);
  contract.grid_channels = static_cast<int>(options.grid_channels);
  contract.pooling_power = options.pooling_power;
  pack.contract_json = EmbedderContract::from_json(contract.to_json()).to_json();
  ModelOptions models;
  models.embedder = options.start;
  return train_embedder_network(pack,
                                with_shipped_models(models).embedder,
                                options.training,
                                options.resume,
                                options.out,
                                progress,
                                cancel);
}

}  // namespace finview
