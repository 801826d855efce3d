using System.Diagnostics;

namespace DtMcp.Benchmarks.Calling;

/// <summary>A file behind a <see cref="FileServer"/> in a process of its own.</summary>
internal sealed class ServedFile : IDisposable
{
    private readonly Process _process;

    public ServedFile(string path, string encoding = "identity")
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", path, encoding])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Address = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The file server did not start.");
    }

    public string Address { get; }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
