using DtMcp.Tests.Support;
using ModelContextProtocol.Client;

namespace DtMcp.Tests.Serving;

/// <summary>The program as a process, over its standard streams.</summary>
public sealed class StdioProgram : ServedProgram
{
    public override int Mutations => 10_000;

    public override async Task<IReadOnlyList<IReadOnlyList<int>>> CodesAsync(IEnumerable<(byte[] Message, int Code)> messages)
    {
        await using var session = new StdioSession();
        List<IReadOnlyList<int>> all = [];
        foreach (var (message, code) in messages)
        {
            await session.SendAsync(message);
            List<int> codes = code == 0 ? [] : [CodeOf(await session.NextAsync())];
            codes.AddRange((await session.PingAsync(all.Count)).Select(CodeOf));
            all.Add(codes);
        }

        Assert.Equal(0, await session.EndAsync());
        return all;
    }

    public override async Task<IReadOnlyList<int>> ErrorsAsync(IEnumerable<byte[]> messages)
    {
        await using var session = new StdioSession();
        List<int> errors = [];
        foreach (var (number, hundred) in messages.Chunk(100).Index())
        {
            await session.SendAsync(hundred.SelectMany(line => line.Append((byte)'\n')).ToArray());
            errors.AddRange((await session.PingAsync(number)).Select(CodeOf).Where(code => code < 0));
        }

        Assert.Equal(0, await session.EndAsync());
        return errors;
    }

    protected override Task<IClientTransport> TransportAsync()
    {
        var start = Published.Start("--demo", "--connections", "500", "--days", "1");
        return Task.FromResult<IClientTransport>(new StdioClientTransport(
            new StdioClientTransportOptions { Command = start.FileName, Arguments = [.. start.ArgumentList] }));
    }
}
