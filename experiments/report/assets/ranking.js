"use strict";

// How well models rank what held-out users were hidden.
souk.ranking = () => {
  const metrics = souk.metrics({stage: "offline"});
  if (metrics.length === 0) return null;
  const cell = (model, metric) => souk.means({stage: "offline", metric, model})[0];
  const headline = souk.headline(metrics);
  const models = souk.means({stage: "offline", metric: headline})
    .sort((a, b) => b.mean - a.mean).map(row => row.model);
  const best = metric => d3.max(models, model => (cell(model, metric) || {}).mean);
  const users = d3.max(souk.means({stage: "offline"}), row => row.n);

  const table = souk.table({
    caption: `Means over ${souk.count(users)} users with 95% bootstrap intervals; best in bold`,
    head: ["Model", ...metrics],
    rows: models.map(model => [model, ...metrics.map(metric => {
      const row = cell(model, metric);
      return souk.mean_cell(row, {best: row && row.mean === best(metric)});
    })]),
  });
  const charts = metrics.map(metric => souk.interval_chart({title: metric, unit: "user",
    rows: models.map(model => cell(model, metric)).filter(row => row)}));
  const compared = souk.select({stage: "offline"}).filter(row => row.against !== "");
  return {id: "ranking", title: "Held-out users", content: [
    souk.element("p", {}, "Every item is ranked for users whom no model was trained on; "
      + "what a model was shown of them is masked, ties go to the lower item number."),
    souk.panels(...charts), table,
    compared.length > 0 ? souk.details("Comparisons of pairs over the same users",
      souk.comparison_table("Paired bootstrap intervals and sign-flip p values, "
        + "corrected after Holm over all pairs of a metric", compared, false)) : null]};
};
