using System.Diagnostics;
using System.Text.Json;
using DtMcp.Tests.Tools;

namespace DtMcp.Tests.Exporting;

/// <summary>DuckDB, a reader of these files that is not ours, as <c>eng/duckdb</c> installs it from npm.</summary>
internal static class DuckDb
{
    private const int NotInstalled = 3;

    /// <summary>The first row of a query.</summary>
    public static async Task<JsonElement> QueryAsync(string sql)
    {
        var solution = Snapshot.FindUpward("DtMcp.sln");
        Assert.SkipWhen(solution is null, "The sources are not beside the tests.");
        var script = Path.Combine(Path.GetDirectoryName(solution)!, "eng/duckdb");
        using var process = Process.Start(new ProcessStartInfo("bash", [script, "query", sql])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode == NotInstalled, "DuckDB is not installed: eng/duckdb install");
        Assert.True(process.ExitCode == 0, await error);
        return JsonElement.Parse(output)[0];
    }
}
