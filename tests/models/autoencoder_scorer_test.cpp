#include "tests/models/toy_world.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

/// Layers of an autoencoder in plain loops over a snapshot, in double precision.
class plain_network {
public:
  explicit plain_network(const core::snapshot& model) : model_{model} {
    // nop
  }

  /// `draw` is the site of a draw from Mult-VAE's posterior, or null for its mean.
  std::vector<double> logits(core::span<const core::item_id> history,
                             const core::draw_site* draw = nullptr) const {
    std::vector<double> values(num_items);
    for (const auto item : history)
      values[item] = 1 / std::sqrt(static_cast<double>(history.size()));
    const auto depth = model_.tensors.size() / 4;
    for (std::size_t i = 0; i < depth; ++i)
      values = layer("encoder." + std::to_string(i), std::move(values),
                     model_.kind == "mult_dae" || i + 1 < depth);
    if (model_.kind == "mult_vae") {
      const auto latent = values.size() / 2;
      for (std::uint32_t i = 0; draw != nullptr && i < latent; ++i)
        values[i] += std::exp(values[latent + i] / 2) * core::normal(*draw, i);
      values.resize(latent);
    }
    for (std::size_t i = 0; i < depth; ++i)
      values = layer("decoder." + std::to_string(i), std::move(values), i + 1 < depth);
    return values;
  }

private:
  std::vector<double>
  layer(const std::string& name, std::vector<double> inputs, bool bends) const {
    const auto& weights = model_.tensor(name + ".weight").floats;
    const auto& bias = model_.tensor(name + ".bias").floats;
    const auto is_first = name == "encoder.0";
    std::vector<double> outputs;
    for (std::size_t i = 0; i < bias.size(); ++i) {
      auto sum = static_cast<double>(bias[i]);
      for (std::size_t k = 0; k < inputs.size(); ++k)
        sum += inputs[k]
               * static_cast<double>(is_first ? weights[k * bias.size() + i]
                                              : weights[i * inputs.size() + k]);
      outputs.push_back(bends ? std::tanh(sum) : sum);
    }
    return outputs;
  }

  const core::snapshot& model_;
};

} // namespace

TEST_CASE_METHOD(toy_world,
                 "an autoencoder's scores are the logits of its mean code",
                 "[models][ranking]") {
  for (const auto* kind : {"mult_vae", "mult_dae"})
    for (const std::vector<std::uint32_t>& hidden :
         {std::vector<std::uint32_t>{}, {60}, {70, 33}}) {
      INFO(kind << " with " << hidden.size() << " hidden layers");
      const auto trained = model(kind, hidden);
      const plain_network network{trained};
      const std::vector<std::uint32_t> who{0, 4, 7}; // user 4 has no items
      const auto slates = rank(*make_recommender(trained, 1), who, num_items);
      for (std::size_t row = 0; row < who.size(); ++row) {
        const auto history = rows.row(who[row]);
        const auto expected = network.logits(history);
        for (std::size_t place = 0; place < num_items - history.size(); ++place)
          REQUIRE(static_cast<double>(slates.scores[row * num_items + place])
                  == Approx(expected[slates.row(row)[place]]).margin(1e-5));
      }
    }
}

TEST_CASE_METHOD(toy_world,
                 "Mult-VAE ranks by codes drawn from its posterior, if asked to",
                 "[models][ranking]") {
  for (const std::vector<std::uint32_t>& hidden :
       {std::vector<std::uint32_t>{}, {60}, {70, 33}}) {
    INFO(hidden.size() << " hidden layers");
    const auto trained = model("mult_vae", hidden);
    const plain_network network{trained};
    const std::vector<std::uint32_t> who{0, 4, 7};
    const auto history = select_rows(rows, who);
    std::vector<core::draw_site> sites;
    for (const auto user : who)
      sites.push_back({9, core::stream::recommend, user, 3});
    core::rank_request request;
    request.history = &history;
    request.posterior = &sites;
    const auto recommender = make_recommender(trained, 1);
    REQUIRE(recommender->has_posterior());
    std::vector<float> scores(who.size() * num_items);
    recommender->score(request, scores);
    for (std::size_t row = 0; row < who.size(); ++row) {
      const auto expected = network.logits(history.row(row), &sites[row]);
      for (std::size_t item = 0; item < num_items; ++item)
        REQUIRE(static_cast<double>(scores[row * num_items + item])
                == Approx(expected[item]).margin(1e-5));
    }
  }
  CHECK_FALSE(make_recommender(model("mult_dae"), 1)->has_posterior());
}
