using System.Text.Json;
using DtMcp.Darktrace.Querying;
using DtMcp.Darktrace.Reading;
using DtMcp.Simulator;
using DtMcp.Tests.Simulator;

namespace DtMcp.Tests.Asking;

public sealed class DeskTruthTests : TruthTests
{
    internal override async Task<IAnswers> StartAsync(string name, string dialect) => new Answers(await DeskFixture.StartAsync(
        options => options with { RecordsFile = TruthFiles.Log(name), Dialect = Enum.Parse<Dialect>(dialect) }));

    private sealed class Answers(DeskFixture desk) : IAnswers
    {
        public Task<JsonElement> AskAsync(string tool, NetworkQuery? filters, TimeWindow? window, AddressRange? subnet, int limit) =>
            desk.AskAsync(tool, filters, window, question => question with { Subnet = subnet, Limit = limit });

        public ValueTask DisposeAsync() => desk.DisposeAsync();
    }
}
