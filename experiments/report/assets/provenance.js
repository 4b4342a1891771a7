"use strict";

// What went in.
souk.data_section = () => {
  const data = souk.manifest.data || {};
  const facts = [["users", "Users"], ["items", "Items"], ["events", "Events"],
                 ["training_users", "Training users"],
                 ["training_items", "Training items"],
                 ["training_interactions", "Interactions"],
                 ["validation_users", "Validation users"], ["test_users", "Test users"]]
    .filter(([name]) => name in data);
  const dropped = Object.entries(data).filter(([name]) => name.startsWith("dropped: "))
    .map(([name, value]) => ({name: name.slice(9), value}));
  if (facts.length === 0 && !("rows_read" in data)) return null;
  const report = "rows_read" in data ? souk.bar_chart({title: "Import",
    note: "what became of every row of the source", format: souk.count,
    bars: [{name: "read", value: data.rows_read}, {name: "kept", value: data.rows_kept},
           ...dropped.map(({name, value}) => ({name: `dropped: ${name}`, value})),
           {name: "unreadable (quarantine)", value: data.rows_bad}]}) : null;
  return {id: "data", title: "Data", content: [
    souk.element("dl", {"class": "facts"}, facts.map(([name, title]) =>
      souk.element("div", {}, souk.element("dt", {}, title),
                   souk.element("dd", {}, souk.count(data[name]))))), report]};
};

// How it was computed, and what it takes to get the same numbers.
souk.provenance = () => {
  const manifest = souk.manifest;
  const pairs = (caption, entries, digest) => entries.length === 0 ? null : souk.table(
    {caption, head: ["", ""], rows: entries.map(([name, value]) =>
      [name.replace(/_/g, " "), {text: String(value), digest}])});
  // What has a chart of its own is left out.
  const measured = souk.rows.filter(row => row.measured && row.mean !== null
                                           && row.metric !== "staleness");
  const {kind, one_answer} = manifest.consistency || {kind: "bsp", one_answer: true};
  const stages = (manifest.stages || []).filter(stage => stage.seconds > 0);
  const cluster = Object.entries(manifest.cluster || {});
  const platform = manifest.platform || {};
  const seconds = value => `${souk.number(value)} s`;
  return {id: "provenance", title: "How it ran", content: [
    cluster.length === 0 ? null : [souk.element("h3", {}, "Cluster"),
      souk.element("dl", {"class": "facts"}, cluster.map(([name, value]) =>
        souk.element("div", {}, souk.element("dt", {}, name.replace(/_/g, " ")),
                     souk.element("dd", {}, String(value))))),
      souk.element("p", {"class": "note"}, one_answer
        ? `With consistency ${kind}, nothing on this page but measured times depends on `
          + "the cluster's shape."
        : `With consistency ${kind}, models depend on the order in which gradients were `
          + "applied, and so on the cluster and on chance.")],
    souk.element("h3", {}, "Time"),
    stages.length > 0 ? souk.bar_chart({title: "Wall-clock seconds per stage",
      bars: stages.map(stage => ({name: stage.name, value: stage.seconds})),
      format: seconds}) : null,
    measured.length > 0 ? souk.table({caption: "Measured on the machine below",
      head: ["Stage", "Model", "Metric", "Value"],
      rows: measured.map(row => [row.stage.replace(/_/g, " "), row.model,
        row.metric.replace(/_/g, " "), souk.number_cell(souk.number(row.mean))])}) : null,
    souk.element("h3", {}, "Reproducing it"),
    souk.element("p", {}, one_answer
      ? `With consistency ${kind}, the same file gives the same digests wherever the `
        + "numeric platform is the same."
      : `With consistency ${kind}, a run of the same file may have other digests; souk `
        + "reproduce repeats the order of gradients that this one logged, and gets these "
        + "wherever the numeric platform is the same."),
    pairs("Digests (SHA-256)", Object.entries(manifest.digests || {}), true),
    pairs(`Numeric platform${platform.fingerprint ? ` ${platform.fingerprint}` : ""}`,
          Object.entries(platform.parts || {}), false),
    pairs("Machine", Object.entries(manifest.machine || {}), false),
    Object.keys(manifest.files || {}).length > 0 ? souk.details("Files and their hashes",
      pairs("Files (SHA-256)", Object.entries(manifest.files), true)) : null,
  ].flat()};
};

// The resolved file, with the layer that each value came from.
souk.configuration_section = () => {
  if (!souk.configuration) return null;
  const lines = souk.configuration.replace(/\n$/, "").split("\n").flatMap(line => {
    const at = line.lastIndexOf("  # ");
    return at < 0 ? [`${line}\n`] : [line.slice(0, at),
      souk.element("span", {"class": "origin"}, line.slice(at)), "\n"];
  });
  return {id: "configuration", title: "Configuration", content: [
    souk.details("The resolved file, with the layer that each value came from",
      souk.element("pre", {tabindex: 0}, souk.element("code", {}, lines)))]};
};
