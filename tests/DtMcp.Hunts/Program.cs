using DtMcp.Hunts;

// "quick" makes fewer of everything; a folder with recorded captures and hunts.json may follow.
var isQuick = args.Contains("quick");
var folder = args.FirstOrDefault(arg => arg != "quick") ?? Captures.Beside();
Captures.Write(folder);
Recall.Write(isQuick);
Kinds.Write(isQuick);
CleanDays.Write(isQuick);
Sameness.Write();
return Verdict.Write();
