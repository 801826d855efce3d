using System.Globalization;
using BenchmarkDotNet.Running;
using DtMcp.Benchmarks.Analysis;
using DtMcp.Benchmarks.Calling;
using DtMcp.Benchmarks.Reading;
using DtMcp.Benchmarks.Rendering;
using DtMcp.Benchmarks.Serving;

switch (args)
{
    case ["compare", .. var rest]:
        await Compare.RunAsync(rest.Length > 0 ? rest[0] : "100", rest.Length > 1 ? Number(rest[1]) : 8);
        break;
    case ["compare-records", var path, .. var rest]:
        await CompareRecords.RunAsync(path, rest is [var times] ? Number(times) : 8);
        break;
    // One tool alone, where it is named.
    case ["analyse", var path, var rounds, .. var only]:
        await AnalysisTable.RunAsync(path, Number(rounds), only is [var name] ? name : "");
        break;
    case ["render", var path, var rounds]:
        await RenderingTable.RunAsync(path, Number(rounds));
        break;
    case ["memory", var program, var rounds, .. var files]:
        MemoryTable.Run(program, Number(rounds), files);
        break;
    case ["endtoend", var program, var rounds, var path, var empty]:
        await EndToEnd.RunAsync(program, Number(rounds), path, empty);
        break;
    case ["calls", var program, var script, var rounds]:
        CallsTable.Run(program, script, Number(rounds));
        break;
    // 0 MB is one connection.
    case ["write", var to, var megabytes]:
        FlowsFile.Write(to, Math.Max(13, Number(megabytes) * 1_000_000L)).Save(to);
        break;
    case ["write-records", var to, var megabytes, .. var how]:
        RecordsFile.Write(to, Number(megabytes) * 1_000_000L, how is ["shuffled"]).Save(to);
        break;
    case ["pack", var from]:
        Packed.Pack(from, "gzip", from + ".gzip");
        Packed.Pack(from, "br", from + ".br");
        break;
    case ["serve", var path, .. var encoding]:
        await FileServer.RunAsync(path, encoding is [var packed] ? packed : "identity");
        break;
    case ["worker", var how, var path]:
        await Worker.RunAsync(how, path);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
