using System.Globalization;
using DtMcp.Fuzzing;
using SharpFuzz;

// blind COUNT [TARGET]: so many changed inputs for each target, always the same. one TARGET FILE: an input that was found.
// afl TARGET: one input after another from AFL++ (.ci/long/fuzz.sh).
switch (args)
{
    case ["blind", var count, .. var named] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds):
        var isFine = true;
        foreach (var target in Targets.All.Where(target => named.Length == 0 || named.Contains(target.Name)))
        {
            isFine &= BlindFuzzer.Run(target, rounds);
        }

        return isFine ? 0 : 1;
    case ["one", var name, var file]:
        Targets.Named(name).Try(File.ReadAllBytes(file));
        return 0;
    case ["afl", var name]:
        var tried = Targets.Named(name);
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            tried.Try(input.ToArray());
        });
        return 0;
    default:
        Console.Error.WriteLine($"blind COUNT [TARGET] | afl TARGET | one TARGET FILE; targets: {Targets.Names}");
        return 2;
}
