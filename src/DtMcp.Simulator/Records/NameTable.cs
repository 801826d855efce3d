using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Records;

/// <summary>Names by small numbers, in the order in which they were first seen.</summary>
internal sealed class NameTable(int most)
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    public int Count => _names.Count;

    public string this[int id] => _names[id];

    public int Id(string name)
    {
        if (_ids.TryGetValue(name, out var id))
        {
            return id;
        }

        if (_names.Count == most)
        {
            throw new SimulatorException($"more than {most} different names, '{name}' being the next; are these the right columns?");
        }

        _names.Add(name);
        _ids.Add(name, _names.Count - 1);
        return _names.Count - 1;
    }
}
