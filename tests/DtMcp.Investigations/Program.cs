using System.Globalization;
using DtMcp.Investigations;
using DtMcp.Simulator.Setup;
using Microsoft.ML.Tokenizers;

// A folder with recorded captures may follow; without it they are looked for beside the checkout, and left out where there are none.
// The second set asks the same kinds of questions in other words of other traffic: what was made to fit the first shows there.
var tokenizer = TiktokenTokenizer.CreateForModel("gpt-4o");
var tokens = new SimulatorOptions { PublicToken = Scene.PublicToken, PrivateToken = Scene.PrivateToken, ClockRuns = false };
var now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);
var folder = args.Length > 0 ? args[0] : Captures.Beside();
List<string> failures = [];
Console.WriteLine("| agent | solved | calls, median | tokens, median | wrong figures |");
Console.WriteLine("|---|---|---|---|---|");
var isRight = await AskAsync("", inOtherWords: false, [1, 7, 11], "m57_long");
isRight &= await AskAsync(", other words", inOtherWords: true, [3, 21, 5], "c2_day_a");
var literal = new Literal();
var missed = Paraphrases.All.Where(pair => !pair.Tools.Split('|').Contains(literal.Pick(pair.Question))).ToList();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"| literal | {Paraphrases.All.Count - missed.Count} of {Paraphrases.All.Count} first picks | | | |"));
foreach (var line in failures.Concat(missed.Select(pair =>
    $"literal: \"{pair.Question}\" picks {literal.Pick(pair.Question)}, not {pair.Tools}")))
{
    Console.WriteLine(line);
}

return isRight ? 0 : 1;

// Two offices and a capture, or three offices.
async Task<bool> AskAsync(string set, bool inOtherWords, int[] seeds, string capture)
{
    List<(string Name, SimulatorOptions Options)> scenes =
    [
        .. seeds.Take(folder is null ? 3 : 2).Select(seed => ($"office {seed}", tokens with { Now = now, Seed = seed })),
        .. folder is null ? Array.Empty<(string, SimulatorOptions)>()
            : [(capture, tokens with { RecordsFile = Path.Combine(folder, capture + ".conn.log.gz") })],
    ];
    Table analyst = new(), follower = new(), inOrder = new();
    foreach (var (name, options) in scenes)
    {
        await using var scene = await Scene.StartAsync(name, options);
        foreach (var one in new Cases(scene, inOtherWords).All())
        {
            var outcome = await Agents.AnalystAsync(scene, one, tokenizer);
            analyst.Add(outcome);
            if (!outcome.Solved)
            {
                var expected = string.Join(' ', [.. one.Answer.Keys, .. one.Answer.Figures]);
                failures.Add($"analyst, {name}, {one.Kind}: {one.Ask} Expected {expected}.{(outcome.Wrong ? " WRONG" : "")}");
            }

            foreach (var (agent, table, chooses) in new[] { ("follower", follower, true), ("follower in order", inOrder, false) })
            {
                var followed = await Agents.FollowerAsync(scene, one, tokenizer, chooses);
                table.Add(followed);
                if (!followed.Solved)
                {
                    failures.Add($"{agent}, {name}, {one.Kind}: not in {followed.Calls} calls");
                }
            }
        }
    }

    analyst.Write("analyst" + set);
    follower.Write("follower" + set);
    inOrder.Write("follower in order" + set);
    return analyst.Solved == analyst.Asked && analyst.Wrong == 0 && follower.Wrong == 0;
}
