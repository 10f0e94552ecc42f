(function(){const svg=document.querySelector("svg");if(!svg){document.documentElement.dataset.ready="yes";return}
const whole=svg.getAttribute("viewBox").split(" ").map(Number);let box=whole.slice();
function show(next){box=next;svg.setAttribute("viewBox",box.join(" "));size()}
function size(){const r=svg.getBoundingClientRect();const k=Math.max(box[2]/r.width,box[3]/r.height);
for(const e of svg.querySelectorAll("[data-r]"))e.setAttribute("r",e.dataset.r*k);
for(const e of svg.querySelectorAll("text"))e.setAttribute("font-size",11*k)}
function go(id,move){for(const e of document.querySelectorAll(".at"))e.classList.remove("at");
const mark=document.getElementById("m"+id),row=document.getElementById("r"+id);if(row)row.classList.add("at");
if(!mark)return;mark.classList.add("at");mark.parentNode.appendChild(mark);
if(move){const w=+mark.dataset.w,x=+mark.dataset.x,y=+mark.dataset.y;show([x-w/2,y-w/2,w,w])}
else if(row)row.scrollIntoView({block:"nearest"})}
for(const row of document.querySelectorAll("tr[data-at]")){row.addEventListener("click",()=>go(row.dataset.at,true));
row.addEventListener("keydown",e=>{if(e.key==="Enter"||e.key===" "){e.preventDefault();go(row.dataset.at,true)}})}
for(const mark of svg.querySelectorAll("g[id]"))mark.addEventListener("click",()=>go(mark.id.slice(1),false));
document.getElementById("all").addEventListener("click",()=>show(whole.slice()));
svg.addEventListener("wheel",e=>{e.preventDefault();const r=svg.getBoundingClientRect(),f=e.deltaY<0?0.8:1.25;
const x=box[0]+box[2]*(e.clientX-r.left)/r.width,y=box[1]+box[3]*(e.clientY-r.top)/r.height;
show([x-(x-box[0])*f,y-(y-box[1])*f,box[2]*f,box[3]*f])},{passive:false});
let held=null;svg.addEventListener("pointerdown",e=>{held=[e.clientX,e.clientY,box.slice()]});
svg.addEventListener("pointermove",e=>{if(!held)return;const r=svg.getBoundingClientRect();
const k=Math.max(held[2][2]/r.width,held[2][3]/r.height);
show([held[2][0]-(e.clientX-held[0])*k,held[2][1]-(e.clientY-held[1])*k,held[2][2],held[2][3]])});
addEventListener("pointerup",()=>{held=null});addEventListener("resize",size);
size();document.documentElement.dataset.ready="yes"})();
