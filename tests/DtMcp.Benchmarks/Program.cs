using System.Globalization;
using BenchmarkDotNet.Running;
using DtMcp.Benchmarks.Reading;

switch (args)
{
    case ["compare", .. var rest]:
        await Compare.RunAsync(Number(rest, 0, 100), Number(rest, 1, 8));
        break;
    case ["write", var to, var megabytes]:
        FlowsFile.Write(to, long.Parse(megabytes, CultureInfo.InvariantCulture) * 1_000_000);
        break;
    case ["worker", var how, var path]:
        await Worker.RunAsync(how, path);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}

static int Number(string[] of, int at, int otherwise) => of.Length > at ? int.Parse(of[at], CultureInfo.InvariantCulture) : otherwise;
