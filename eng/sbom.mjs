// What the program is made of, as CycloneDX 1.6: `node eng/sbom.mjs VERSION project.assets.json`. The assets file is what restore wrote:
// every package with its hash, and the runtime that is compiled in. Packages that only build use are left out.
import fs from "node:fs";
import path from "node:path";

const [version, file] = process.argv.slice(2);
const assets = JSON.parse(fs.readFileSync(file, "utf8"));
const [packages] = Object.keys(assets.packageFolders);
const target = assets.targets["net10.0/linux-x64"];
const purl = (name, at) => `pkg:nuget/${name}@${at}`;

const nuspec = (name, at) => {
  const found = path.join(packages, name.toLowerCase(), at, `${name.toLowerCase()}.nuspec`);
  return fs.existsSync(found) ? fs.readFileSync(found, "utf8") : "";
};
const licence = text => {
  const expression = /<license type="expression">([^<]+)</.exec(text)?.[1];
  const url = /<licenseUrl>([^<]+)</.exec(text)?.[1];
  return expression ? [{ license: { id: expression } }] : url ? [{ license: { name: "see url", url } }] : undefined;
};
const component = (name, at, sha512) => ({
  type: "library", "bom-ref": purl(name, at), name, version: at, purl: purl(name, at),
  ...(sha512 && { hashes: [{ alg: "SHA-512", content: Buffer.from(sha512, "base64").toString("hex") }] }),
  ...(licence(nuspec(name, at)) && { licenses: licence(nuspec(name, at)) }),
});

const isProgram = entry => Object.keys(entry.runtime ?? {}).some(name => !name.endsWith("/_._"));
const shipped = Object.entries(target).filter(([, entry]) => entry.type === "package" && isProgram(entry));
const downloads = Object.values(assets.project.frameworks).flatMap(framework => framework.downloadDependencies ?? []);
const runtime = downloads.filter(one => /^(runtime\..*\.)?Microsoft\.(DotNet\.ILCompiler|NETCore\.App\.Runtime|AspNetCore\.App\.Runtime)/i.test(one.name))
  .filter(one => one.name.includes("linux-x64"))
  .map(one => [one.name, /[\d.]+[\w.-]*/.exec(one.version)[0]]);
const root = purl("DtMcp", version);
const direct = Object.keys(assets.targets).length && shipped.map(([name]) => purl(...name.split("/")));

const bom = {
  bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
  metadata: {
    timestamp: new Date(Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000) * 1000).toISOString(),
    component: { type: "application", "bom-ref": root, name: "DtMcp", version, purl: root, licenses: [{ license: { id: "Apache-2.0" } }] },
  },
  components: [
    ...shipped.map(([name]) => component(...name.split("/"), assets.libraries[name].sha512)),
    ...runtime.map(([name, at]) => component(name, at)),
  ],
  dependencies: [
    { ref: root, dependsOn: [...direct, ...runtime.map(([name, at]) => purl(name, at))] },
    ...shipped.map(([name, entry]) => ({
      ref: purl(...name.split("/")),
      dependsOn: Object.keys(entry.dependencies ?? {})
        .map(needed => shipped.find(([other]) => other.split("/")[0] === needed)).filter(found => found).map(([other]) => purl(...other.split("/"))),
    })),
  ],
};
if (bom.components.length < 5) throw new Error("hardly a component: " + file);
console.log(JSON.stringify(bom, null, 1));
