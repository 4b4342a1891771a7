"use strict";

// How well models serve users of whom little is known.
souk.strangers = () => {
  const metrics = souk.metrics({stage: "cold_start"});
  if (metrics.length === 0) return null;
  const known = group => group.split("=")[1];
  const chart = metric => {
    const rows = souk.means({stage: "cold_start", metric});
    const models = souk.unique(rows.map(row => row.model)).sort(souk.order);
    return souk.line_chart({
      title: `${metric} by events known`,
      note: `the same ${souk.count(rows[0].n)} users at every point, all of their past masked; `
        + "bands are 95% intervals",
      x_label: "events known",
      format_x: place => place,
      places: souk.unique(rows.map(row => known(row.group))),
      height: 320,
      series: models.map(model => ({name: model, points: rows
        .filter(row => row.model === model).map(row => ({x: known(row.group), y: row.mean,
          low: row.low, high: row.high}))})),
    });
  };
  const models = souk.unique(souk.means({stage: "cold_start"}).map(row => row.model));
  const compared = souk.select({stage: "cold_start"}).filter(row => row.against !== "");
  return {id: "strangers", title: "Strangers", content: [
    souk.element("p", {}, "What happens when a model is shown only the first few events of "
      + "a user. A model that learns nothing from them has a flat line."),
    souk.legend(models.sort(souk.order)),
    ...souk.choice({label: "Metric", options: metrics, initial: souk.headline(metrics),
                    name_of: metric => metric, draw: chart}),
    compared.length > 0 ? souk.details("Comparisons over the same users",
      souk.comparison_table("The first model against the others", compared, true)) : null]};
};
