// The networks that are in memory now, the one used last first. The value is {models, most, freed}.
const write = () => {
  const { models = [], most = 0, freed = null } = props.value || {}, used = models.reduce((sum, one) => sum + one.bytes, 0);
  part("text").textContent = words("memory_of", { used: bytesText(used), most: bytesText(most) });
  part("fill").style.width = `${used && most ? Math.max(1, Math.min(100, (100 * used) / most)) : 0}%`;
  part("free").textContent = words("memory_free");
  part("free").hidden = props.closed || !models.length;
  part("hint").textContent = freed ? words("memory_freed", { size: bytesText(freed) }) : words(models.length ? "memory_help" : "memory_none");
  clear(part("list"));
  for (const one of models) {
    const row = make("li");
    row.append(make("span", {}, titleOf(one)), make("span", {}, bytesText(one.bytes)));
    part("list").append(row);
  }
};
part("free").addEventListener("click", () => trigger("clear"));
watch(["value", "label"], write);
write();
