// The licences of what the program is made of: `node eng/licences.mjs project.assets.json`, a line a package. Fails on a package that tells none, or
// one that is not among those below.
import fs from "node:fs";
import path from "node:path";

// All ask for no more than that their text goes along.
const taken = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "PostgreSQL"];
const assets = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const [packages] = Object.keys(assets.packageFolders);
const target = assets.targets["net10.0/linux-x64"];
const isProgram = entry => Object.keys(entry.runtime ?? {}).some(name => !name.endsWith("/_._"));

const licence = folder => {
  const nuspec = fs.readdirSync(folder).find(name => name.endsWith(".nuspec"));
  const text = fs.readFileSync(path.join(folder, nuspec), "utf8");
  const [, type, told] = /<license type="(\w+)"[^>]*>([^<]+)</.exec(text) ?? [];
  if (type === "expression") return told;
  const words = type === "file" ? fs.readFileSync(path.join(folder, told.replaceAll("\\", "/")), "utf8") : "";
  return /MIT License|Permission is hereby granted, free of charge/.test(words) ? "MIT"
    : /Apache License\s+Version 2\.0/.test(words) ? "Apache-2.0" : "unknown";
};

let isFine = true;
for (const [name, entry] of Object.entries(target).filter(([, entry]) => entry.type === "package" && isProgram(entry)).sort()) {
  const [id, version] = name.split("/"), told = licence(path.join(packages, assets.libraries[name].path));
  console.log(`${id} ${version}: ${told}`);
  if (!taken.includes(told)) { console.error(`${id} ${version} has the licence ${told}, which is not among ${taken.join(", ")}`); isFine = false; }
}
process.exit(isFine ? 0 : 1);
