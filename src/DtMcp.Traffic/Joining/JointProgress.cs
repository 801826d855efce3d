using System.Globalization;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Joining;

/// <summary>How far a question to several appliances has come: what each said last, added up.</summary>
internal sealed class JointProgress(IProgress<AskProgress> told, int appliances)
{
    private readonly AskProgress?[] _last = new AskProgress?[appliances];
    private readonly Lock _lock = new();

    /// <summary>Where one of them tells.</summary>
    public IProgress<AskProgress> Of(int appliance) => new One(this, appliance);

    private void Report(int appliance, AskProgress progress)
    {
        lock (_lock)
        {
            _last[appliance] = progress;
            var known = _last.OfType<AskProgress>().ToList();
            told.Report(new AskProgress(
                known.Sum(one => one.Done),
                known.Count == appliances && known.TrueForAll(one => one.Total is not null) ? known.Sum(one => one.Total) : null,
                known.Sum(one => one.Connections), known.Sum(one => one.Bytes),
                string.Create(CultureInfo.InvariantCulture, $"{progress.Message} ({known.Count} of {appliances} appliances)")));
        }
    }

    private sealed class One(JointProgress all, int appliance) : IProgress<AskProgress>
    {
        public void Report(AskProgress value) => all.Report(appliance, value);
    }
}
