using System.Globalization;
using System.Text;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Reading.Rows;

/// <summary>The fast reader says what the general one says, of whatever bytes come in whatever pieces.</summary>
public class TemplateRowReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Both_readers_agree_on_random_answers(int seed)
    {
        var random = new Random(seed);
        var answers = new RandomAnswers(random);
        var rounds = Rounds.Of(200, 600);
        for (var round = 0; round < rounds; round++)
        {
            var body = Encoding.UTF8.GetBytes(answers.Next());
            await AgreeAsync(body, random, seed, round);
            for (var i = 0; i < 2 && body.Length > 0; i++)
            {
                await AgreeAsync(Mutations.Of(body, random), random, seed, round);
            }
        }
    }

    [Fact]
    public async Task Both_readers_agree_on_every_cut_and_every_window()
    {
        var random = new Random(5);
        var answers = new RandomAnswers(random);
        var rounds = Rounds.Of(1, 3);
        for (var round = 0; round < rounds; round++)
        {
            var body = Encoding.UTF8.GetBytes(answers.Next());
            var whole = await ShowAsync(body, general: true, () => int.MaxValue, JsonWindow.UsualBytes);
            for (var cut = 0; cut <= body.Length; cut++)
            {
                await AgreeAsync(body[..cut], random, 5, round);
                var left = cut;
                Assert.Equal(whole, await ShowAsync(body, general: false, () => Interlocked.Exchange(ref left, int.MaxValue),
                    JsonWindow.UsualBytes));
            }

            for (var window = 1; window < 400; window++)
            {
                Assert.Equal(whole, await ShowAsync(body, general: false, () => int.MaxValue, window));
            }
        }
    }

    private static async Task AgreeAsync(byte[] body, Random random, int seed, int round)
    {
        var window = random.Next(3) == 0 ? JsonWindow.UsualBytes : random.Next(1, 2000);
        var piece = random.Next(3) == 0 ? int.MaxValue : random.Next(1, 300);
        var general = await ShowAsync(body, general: true, () => int.MaxValue, JsonWindow.UsualBytes);
        var fast = await ShowAsync(body, general: false, () => piece, window);
        Assert.True(general == fast,
            $"seed {seed} round {round} window {window} piece {piece}\n{Encoding.UTF8.GetString(body)}\n--- general\n{general}\n--- " +
            $"fast\n{fast}");
    }

    private static async Task<string> ShowAsync(byte[] body, bool general, Func<int> piece, int window)
    {
        var flows = new FlowSet();
        try
        {
            var stream = new ChoppedStream(body, piece);
            var answer = await NetworkReader.ReadAsync(stream, new NetworkShape(flows, general), null, window,
                TestContext.Current.CancellationToken);
            return string.Create(CultureInfo.InvariantCulture,
                $"{answer.Kind} {answer.Rows} odd {answer.InvalidValues} said {answer.ReportedConnections}\n{Bodies.Show(flows)}");
        }
        catch (ApplianceException broken)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{broken.Error} after {broken.RowsRead}");
        }
    }
}
