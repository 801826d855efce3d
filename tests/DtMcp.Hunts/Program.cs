using System.Globalization;
using DtMcp.Hunts;
using DtMcp.Hunts.Planted;

// "quick" makes fewer of everything; "clean" looks at clean days alone; "seeds=N" takes other offices and plantings than those that the
// rules were tuned on (N is 0 there); a folder with recorded captures and hunts.json may follow.
var isQuick = args.Contains("quick");
var seeds = args.FirstOrDefault(arg => arg.StartsWith("seeds=", StringComparison.Ordinal));
Chance.Seeds = seeds is null ? 0 : int.Parse(seeds.AsSpan(6), CultureInfo.InvariantCulture);
var folder = args.FirstOrDefault(arg => arg != "quick" && arg != "clean" && arg != seeds) ?? Captures.Beside();
if (args.Contains("clean"))
{
    CleanDays.Write(isQuick);
    return 0;
}

Captures.Write(folder);
Recall.Write(isQuick);
Kinds.Write(isQuick);
CleanDays.Write(isQuick);
Sameness.Write();
return Verdict.Write();
