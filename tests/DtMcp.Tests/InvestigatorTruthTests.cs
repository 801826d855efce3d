using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Simulator;

namespace DtMcp.Tests;

public sealed class InvestigatorTruthTests : TruthTests
{
    internal override async Task<IAnswers> StartAsync(string name, string dialect) => new Answers(await InvestigatorFixture.StartAsync(
        options => options with { RecordsFile = TruthFiles.Log(name), Dialect = Enum.Parse<Dialect>(dialect) }));

    private sealed class Answers(InvestigatorFixture investigator) : IAnswers
    {
        public Task<JsonElement> AskAsync(string tool, NetworkQuery? filters, TimeWindow? window, AddressRange? subnet, int limit) =>
            investigator.AskAsync(tool, filters, window, question => question with { Subnet = subnet, Limit = limit });

        public ValueTask DisposeAsync() => investigator.DisposeAsync();
    }
}
