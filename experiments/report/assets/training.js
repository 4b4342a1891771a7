"use strict";

// How models learned: a panel per quantity, a curve per model.
souk.training = () => {
  const worth = curve => curve.points.filter(point => point[2] !== null).length > 1;
  const curves = souk.curves.filter(worth);
  if (curves.length === 0) return null;
  // Epochs say the same as steps, and more calmly.
  const calm = curves.some(curve => curve.name === "epoch_loss");
  const names = souk.unique(curves.map(curve => curve.name))
    .filter(name => !(calm && name === "loss"));
  const order = ["epoch_loss", "loss", "epoch_divergence"];
  names.sort((a, b) => (order.indexOf(a) + 9) % 9 - (order.indexOf(b) + 9) % 9);

  const panel = name => {
    const shown = curves.filter(curve => curve.name === name);
    const thinned = d3.max(shown, curve => curve.mean_of);
    const by_step = name === "loss";
    return souk.line_chart({
      title: souk.title(name),
      note: [souk.subtitle(name) || "on validation users",
             thinned > 1 ? `each point the mean of ${thinned}` : ""]
        .filter(text => text).join("; "),
      x_label: by_step ? "step" : "epoch",
      series: shown.map(curve => ({name: curve.model,
        points: curve.points.filter(point => point[2] !== null)
          .map(point => ({x: by_step ? point[0] : point[1], y: point[2]}))})),
    });
  };
  // Asynchronous trainings: what gradients were computed from when they counted.
  const stale = souk.rows.filter(row => row.stage === "training"
                                        && row.metric === "staleness");
  const staleness = model => souk.bar_chart({
    title: `Staleness of ${model}'s gradients`,
    note: "share of gradients that so many others overtook before they were applied",
    bars: stale.filter(row => row.model === model)
      .map(row => ({name: row.group.split("=")[1], value: row.mean})),
    format: souk.number,
  });
  return {id: "training", title: "Training", content: [
    souk.legend(souk.unique(curves.map(curve => curve.model))),
    souk.panels(...names.map(panel),
                ...souk.unique(stale.map(row => row.model)).map(staleness))]};
};
