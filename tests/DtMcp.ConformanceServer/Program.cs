using DtMcp.Configuration;
using DtMcp.ConformanceServer;
using DtMcp.Running;
using DtMcp.Serving;
using Microsoft.Extensions.Logging.Abstractions;

// Serves the conformance suite's own tools, prompts and resources through DtMcp's pipeline, on the address that is given, until stdin ends.
var investigators = await InvestigatorOpening.OpenDemoAsync(Settings.Read([]), new DemoOptions { Connections = 500, Days = 1 },
    TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
await using (investigators)
{
    var server = await HttpServer.StartAsync(new ToolRunner(investigators, NullLoggerFactory.Instance), ListenAddress.Parse(args[0]),
        new ServingOptions(), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None, more: Fixtures.Add);
    await using (server)
    {
        await Console.Out.WriteLineAsync(server.Addresses[0] + HttpServer.Endpoint);
        await Console.In.ReadToEndAsync();
    }
}
