using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DtMcp.Darktrace.Errors;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Evidence;

/// <summary>
/// Everything that goes wrong with an appliance, at random: a probe that does not answer, pages that break once or for good, totals that
/// grow while pages are read, an appliance that dies in the middle, a caller who gives up. Never a wrong figure without a note, and nothing
/// of a reading that went wrong serves a later question.
/// </summary>
public sealed partial class FaultsAtRandomTests
{
    private enum Fault
    {
        None,
        SilentProbe,
        OutOfTime,
        FailedShards,
        BreaksOnce,
        BreaksForGood,
        TotalGrows,
        TotalLies,
        Dies,
        CallerGivesUp,
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Sdk)]
    public async Task Never_a_wrong_figure_without_a_note(Dialect dialect)
    {
        var random = new Random(20261129);
        var options = new SimulatorOptions
        {
            PublicToken = "public-0001",
            PrivateToken = "private-0002",
            Connections = dialect == Dialect.Guide ? 22_000 : 6_000,
            Days = 1,
            Dialect = dialect,
            ClockRuns = false,
            Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero),
        };
        await using var truth = await InvestigatorFixture.StartAsync(_ => options);
        var window = truth.LastDay;
        var right = await truth.AskAsync("summarize_network_traffic", window: window);
        Dictionary<Fault, int> whole = [], told = [], failed = [];
        // Each fault twice, each with another place.
        var rounds = Rounds.Of(20, 60);
        for (var i = 0; i < rounds; i++)
        {
            var fault = (Fault)(i % Enum.GetValues<Fault>().Length);
            var wire = new Wire(fault, random.Next(5), random.Next(2) == 0);
            var clock = new LaterClock(truth.Appliance.Clock);
            var investigator = InvestigatorFixture.Over(
                truth.Appliance, options, asked => asked with { Slice = TimeSpan.FromHours(dialect == Dialect.Sdk ? 4 : 24), FewRows = 0 },
                null, wire, clock);
            using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            wire.GivesUp = caller;
            try
            {
                var answer = await investigator.AskAsync("summarize_network_traffic", window: window, cancellationToken: caller.Token);
                var notes = answer.GetProperty("notes").ToString();
                if (IsSame(answer))
                {
                    Assert.True(fault is not (Fault.None or Fault.BreaksOnce or Fault.TotalGrows)
                        || !answer.GetProperty("totals").TryGetProperty("totals_are", out _), $"{i} {fault}: {notes}");
                    Count(whole, fault);
                }
                else
                {
                    Assert.True(notes.Contains("at least", StringComparison.Ordinal) || notes.Contains("not read", StringComparison.Ordinal)
                        || notes.Contains("No records: ", StringComparison.Ordinal), $"{i} {fault}: {answer}");
                    Count(told, fault);
                }
            }
            catch (ApplianceException)
            {
                Count(failed, fault);
            }
            catch (OperationCanceledException) when (caller.IsCancellationRequested)
            {
                Count(failed, fault);
            }

            // Nothing of it is kept. Before it answers again, it may have been left alone.
            wire.IsOver = true;
            clock.Later = TimeSpan.FromSeconds(10);
            var again = await investigator.AskAsync("summarize_network_traffic", window: window);
            Assert.True(IsSame(again) || again.GetProperty("notes").ToString().Contains("No records: ", StringComparison.Ordinal),
                $"{i} {fault}: {again}");
        }

        var outcome = $"whole {Told(whole)}; told {Told(told)}; failed {Told(failed)}";
        Assert.True(whole.ContainsKey(Fault.None) && whole.ContainsKey(Fault.BreaksOnce), outcome);
        Assert.True(failed.ContainsKey(Fault.BreaksForGood) && failed.ContainsKey(Fault.Dies) && failed.ContainsKey(Fault.CallerGivesUp),
            outcome);
        Assert.True(dialect == Dialect.Sdk || (told.ContainsKey(Fault.SilentProbe) && whole.ContainsKey(Fault.TotalGrows)), outcome);

        bool IsSame(JsonElement answer) => new[] { "totals", "tables" }.All(part =>
            right.GetProperty(part).GetRawText() == answer.GetProperty(part).GetRawText());

        static void Count(Dictionary<Fault, int> of, Fault fault) => of[fault] = of.GetValueOrDefault(fault) + 1;

        static string Told(Dictionary<Fault, int> of) =>
            string.Join(' ', of.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"));
    }

    private sealed class LaterClock(TimeProvider clock) : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Later;

        public override long GetTimestamp() => clock.GetTimestamp() + (long)(Later.TotalSeconds * TimestampFrequency);

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>A way to an appliance of which one page of rows goes wrong, or every page from there on.</summary>
    private sealed partial class Wire(Fault fault, int place, bool everyAfter) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _count;
        private int _grown;

        public CancellationTokenSource? GivesUp { get; set; }

        /// <summary>Whether all is well again.</summary>
        public bool IsOver { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.OriginalString;
            if (IsOver || !IsOfRows(path))
            {
                return await base.SendAsync(request, cancellationToken);
            }

            var number = Interlocked.Increment(ref _count) - 1;
            var isHit = everyAfter || fault is Fault.BreaksForGood or Fault.Dies ? number >= place : number == place;
            if (isHit && fault == Fault.Dies)
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
            }

            if (isHit && fault == Fault.CallerGivesUp)
            {
                await GivesUp!.CancelAsync();
            }

            var response = await base.SendAsync(request, cancellationToken);
            if (!isHit || response.StatusCode != HttpStatusCode.OK)
            {
                return response;
            }

            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            text = fault switch
            {
                Fault.SilentProbe => text.Replace("Error\": \"\"", "Error\": \"vmprobe2\"", StringComparison.Ordinal),
                Fault.OutOfTime => text.Replace("\"timed_out\": false", "\"timed_out\": true", StringComparison.Ordinal),
                Fault.FailedShards => text.Replace("\"failed\": 0", "\"failed\": 1", StringComparison.Ordinal),
                Fault.BreaksOnce when number == place => text[..(text.Length / 2)],
                Fault.BreaksForGood => text[..(text.Length / 2)],
                Fault.TotalGrows when number == place => More(text, ++_grown),
                Fault.TotalLies => More(text, 1_000),
                _ => text,
            };
            response.Content = new StringContent(text, Encoding.UTF8, "application/json");
            return response;
        }

        private static bool IsOfRows(string path) => path.Contains("/network?", StringComparison.Ordinal)
            ? !path.Contains("responsedata", StringComparison.Ordinal)
            : path.Contains("/advancedsearch/api/search/", StringComparison.Ordinal)
                && JsonElement.Parse(Base64Url.DecodeFromChars(path.Split('/')[^1])).GetProperty("search").GetString()!
                    .Contains("@type:conn", StringComparison.Ordinal);

        // One that has no total has none that grows.
        private static string More(string text, int entries) => Total().Replace(
            text, match => match.Groups[1].Value + (long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) + entries), 1);

        [GeneratedRegex("(\"total\": )([0-9]+)")]
        private static partial Regex Total();
    }
}
