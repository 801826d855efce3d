using System.Globalization;
using DtMcp.Investigations;
using DtMcp.Simulator.Setup;
using Microsoft.ML.Tokenizers;

// A folder with recorded captures may follow; without it they are looked for beside the checkout, and left out where there are none.
var tokenizer = TiktokenTokenizer.CreateForModel("gpt-4o");
var tokens = new SimulatorOptions { PublicToken = Scene.PublicToken, PrivateToken = Scene.PrivateToken, ClockRuns = false };
var now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);
List<(string Name, SimulatorOptions Options)> scenes =
    [.. new[] { 1, 7, 11 }.Select(seed => ($"office {seed}", tokens with { Now = now, Seed = seed }))];
if ((args.Length > 0 ? args[0] : Captures.Beside()) is { } folder)
{
    scenes.RemoveAt(2);
    scenes.Add(("m57_long", tokens with { RecordsFile = Path.Combine(folder, "m57_long.conn.log.gz") }));
}

Table analyst = new(), follower = new();
List<string> failures = [];
var cases = 0;
foreach (var (name, options) in scenes)
{
    await using var scene = await Scene.StartAsync(name, options);
    foreach (var one in Cases.Of(scene))
    {
        cases++;
        var (solved, calls, spent, wrong) = await Agents.AnalystAsync(scene, one, tokenizer);
        analyst.Add(solved, calls, spent, wrong);
        if (!solved)
        {
            var expected = string.Join(' ', [.. one.Answer.Keys, .. one.Answer.Figures]);
            failures.Add($"analyst, {name}, {one.Kind}: {one.Ask} Expected {expected}.{(wrong ? " WRONG" : "")}");
        }

        var followed = await Agents.FollowerAsync(scene, one, tokenizer);
        follower.Add(followed.Solved, followed.Calls, followed.Tokens, followed.Wrong);
        if (!followed.Solved)
        {
            failures.Add($"follower, {name}, {one.Kind}: not in {followed.Calls} calls");
        }
    }
}

var literal = new Literal();
var missed = Paraphrases.All.Where(pair => !pair.Tools.Split('|').Contains(literal.Pick(pair.Question))).ToList();
Console.WriteLine($"| agent | solved | calls, median | tokens, median | wrong figures |");
Console.WriteLine("|---|---|---|---|---|");
analyst.Write("analyst", cases);
follower.Write("follower", cases);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"| literal | {Paraphrases.All.Count - missed.Count} of {Paraphrases.All.Count} first picks | | | |"));
foreach (var line in failures.Concat(missed.Select(pair =>
    $"literal: \"{pair.Question}\" picks {literal.Pick(pair.Question)}, not {pair.Tools}")))
{
    Console.WriteLine(line);
}

return analyst.Solved == cases && analyst.Wrong == 0 && follower.Wrong == 0 ? 0 : 1;
