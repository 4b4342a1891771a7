"use strict";

// What souk plan predicted for clusters that are not there, beside what it measured here.
souk.plan_section = () => {
  const plan = souk.plan;
  if (!plan || plan.steps.length === 0) return null;
  const methods = souk.unique(plan.steps.map(step => step.method));
  const measured = souk.unique(plan.measured.map(run => run.method))
    .filter(method => methods.includes(method));
  const nodes = souk.unique(plan.steps.concat(plan.measured).map(step => step.nodes))
    .sort((a, b) => a - b);
  const extrapolated = nodes.some(count => count > plan.checked_nodes_max);

  // Both axes by ratio: nodes double from place to place.
  const chart = (title, note, value) => {
    const points = steps => steps.map(step => ({x: step.nodes, y: value(step)}))
      .filter(point => point.y > 0);
    const series = methods.map(method => ({name: method,
      points: points(plan.steps.filter(step => step.method === method))}));
    measured.forEach(method => series.push({name: `${method}, measured`,
      points: points(plan.measured.filter(run => run.method === method))}));
    const drawn = series.filter(each => each.points.length > 0);
    return drawn.length === 0 ? null : souk.line_chart({title, note, x_label: "nodes",
      places: nodes, logarithmic: true, series: drawn});
  };
  const charts = [
    chart("Time of a step", "milliseconds", step => 1e3 * step.step_seconds),
    chart("Users a second", "of all workers together", step => step.users_per_second),
    chart("Waiting", "percent of the trainers' time", step => 100 * step.wait_share),
    chart("Bytes", "megabytes to and from the busiest node in a step",
          step => step.bytes_per_node / 1e6),
  ].filter(each => each);
  return {id: "plan", title: "On more machines", content: [
    souk.element("p", {"class": "note"},
      `Predicted for links of ${souk.number(plan.bytes_per_second / 1e9)} GB/s and `
      + `${souk.number(1e6 * plan.latency_seconds)} µs from steps measured on one machine. `
      + (extrapolated ? `Beyond ${plan.checked_nodes_max} nodes it extrapolates: nothing there `
        + "was compared with a real run." : "")),
    souk.legend(methods),
    souk.panels(...charts)]};
};
